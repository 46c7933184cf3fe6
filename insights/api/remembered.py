"""Answers that are kept ready: the same question of the same state of the list is answered by the same bytes."""

import hashlib
from typing import Any

from django.core.cache import caches
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.conditional import ConditionalView
from insights.services.touching import shown_state


class RememberedView(ConditionalView):
    """A view whose answers depend on nothing but the address and what is shown of the latest snapshot.

    Who may read and how often is decided before: what is kept is the same for everybody.
    """

    remembered_as: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look for the answer once the caller is let in."""
        super().initial(request, *args, **kwargs)
        if request.method == "GET":
            # The state is read before the list: a change in between makes the answer newer than its name, never older.
            question = "\n".join([request.build_absolute_uri(), *map(str, shown_state())])
            self.remembered_as = hashlib.sha256(question.encode()).hexdigest()

    def remembered(self) -> HttpResponseBase | None:
        """The answer, where it is at hand."""
        kept = caches["answers"].get(self.remembered_as) if self.remembered_as else None
        if kept is None:
            return None
        body, etag = kept
        return HttpResponse(body, content_type="application/json", headers={"ETag": etag})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep what was worked out."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if self.remembered_as and final.status_code == 200 and isinstance(final, Response):
            # What is handed on may be a 304 by then: the body is that of the answer itself.
            final.add_post_render_callback(lambda _: self._remember(final))
        return final

    def _remember(self, answer: Response) -> None:
        caches["answers"].set(self.remembered_as, (answer.content, answer["ETag"]))

"""What the latest ranking knew of each account, so that the next one sees whose facts changed."""

from insights.models import AccountStanding
from insights.services.weighing import Book

BATCH = 1000


def standings_renew(*, book: Book) -> set[int]:
    """Remember every account as it is now; answers the ids of those that are new, gone or not as they were."""
    known = dict(AccountStanding.objects.values_list("account_id", "fingerprint"))
    now = book.fingerprints()
    changed = [account for account, fingerprint in now.items() if known.get(account) != fingerprint]
    gone = known.keys() - now.keys()
    AccountStanding.objects.bulk_create(
        [AccountStanding(account_id=account, fingerprint=now[account]) for account in changed],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["account_id"],
        update_fields=["fingerprint"],
    )
    AccountStanding.objects.filter(account_id__in=gone).delete()
    return {*changed, *gone}

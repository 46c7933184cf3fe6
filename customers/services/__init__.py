"""All writes of `customers`, and the money and risk that follow from them."""

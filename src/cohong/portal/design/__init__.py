"""The frame that all pages share: who is looking, how a page is filled, how a refusal is shown; and the words they use."""

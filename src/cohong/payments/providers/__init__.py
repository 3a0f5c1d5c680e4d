"""Payment providers: the banks and payment institutions that really move money.

- `protocol`: what every provider can do and how its answers read: outcomes, never exceptions for what a bank
  may say. The one to know is `Unknown`: money may have moved; ask until it is known.
- `bank`: the real client of a bank that speaks our open payment interface over HTTP.
- `sandbox`: a bank to talk to in tests and in the demonstration, which can be told to misbehave.
"""

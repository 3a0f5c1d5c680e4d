"""The identity register: who says that an organisation or a person is who they say they are.

- `protocol`: what is asked, and the four answers.
- `client`: the real client of a register that speaks our open interface over HTTP.
- `sandbox`: a register to ask in tests and in the demonstration.
"""

"""Carriers: who moves the goods.

- `protocol`: what every carrier does for us and how its answers read.
- `waybills`: waybill numbers with their check digit (UPU S10).
- `client`: the real client of a carrier that speaks our open interface over HTTP.
- `sandbox`: a carrier to ship with in tests and in the demonstration.
"""

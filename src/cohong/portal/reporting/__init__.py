"""The desk of direct reporting: companies fill their statistical reports in, officers review them and keep the register."""

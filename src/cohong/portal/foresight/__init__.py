"""What is to be expected, and what calls for somebody: the data centre's pages of forecasts (public) and alarms (officers)."""

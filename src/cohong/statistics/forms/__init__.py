"""Forms (报表制度): questionnaires defined as data, and what is checked in them."""

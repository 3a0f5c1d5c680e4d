"""The research desk and the open data: published figures chosen, shown, downloaded, cited, saved and shared."""

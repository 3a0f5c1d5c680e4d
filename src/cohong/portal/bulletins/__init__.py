"""The monthly bulletin (统计月报) as PDF: set once for each release, period and language, kept, and handed out to everyone."""

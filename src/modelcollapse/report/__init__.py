"""Reports: pure functions of a result that make text, charts and pages."""

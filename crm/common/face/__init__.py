"""What people see: lists, formatting, spreadsheets, documents, the frame of a page."""

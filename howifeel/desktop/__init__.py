"""The window. The only home of Qt; a page is a folder, `*_model.py` thinks, `*_view.py` draws."""

"""The application object that servers and Flask's command line look for."""

from cantonsite import create_app

app = create_app()

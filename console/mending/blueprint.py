"""What the routes of mending join."""

from flask import Blueprint

blueprint = Blueprint("mending", __name__, url_prefix="/phrases", template_folder="templates")

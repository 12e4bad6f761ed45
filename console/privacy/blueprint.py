"""The blueprint of the feature, apart from its routes so that each file of them can add its own."""

from flask import Blueprint

blueprint = Blueprint("privacy", __name__, url_prefix="/vie-privee", template_folder="templates")

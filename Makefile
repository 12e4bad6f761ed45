# Two commands are enough: `make run` and `make test`. They ask nothing and do not do again what is done.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test setup evaluate bench lint format lock clean

UV_VERSION := 0.13.9
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv)
BIN := .venv/bin
export UV_HTTP_TIMEOUT ?= 180
# Libraries of another environment would hide ours; without bytecode kept, each process would compile Rasa again (6 s).
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

# An environment holds the paths of its folder and of its Python: when one of them has moved, it is made again.
$(shell [ ! -e .venv/.place ] || { [ "$$(cat .venv/.place)" = "$(CURDIR)" ] && .venv/bin/python -c "" 2>/dev/null; } || rm -f .venv/pyvenv.cfg)

help:
	@echo "make run       installe ce qui manque, puis sert l’assistant et sa page d’essai"
	@echo "make test      installe ce qui manque, puis lance les tests (ARGS=\"-k lieu\" pour en choisir)"
	@echo "make setup     installe seulement : environnement, annuaire, modèle"
	@echo "make evaluate  joue les conversations d’essai et compte les bonnes réponses"
	@echo "make bench     compare avec Rasa tel que recommandé, nlp.js et une recherche par mots, puis mesure le journal (environ deux heures; ARGS=--quick pour un essai)"
	@echo "make lint      vérifie le code; make format le met en forme"
	@echo "make lock      recalcule les versions figées (requirements*.txt)"
	@echo "make clean     retire ce qui se refait; garde var/, où sont vos données"

run: setup
	@exec $(BIN)/aiguilleur serve $(ARGS)

setup: .venv/.with-requirements.txt
	$(prepare)

# The tests never touch a database that the person works with.
test: export AIGUILLEUR_DATABASE_URL = sqlite:///var/directory.db
test: .venv/.with-requirements-dev.txt
	$(prepare)
	@$(BIN)/python -m pytest --timeout 300 --numprocesses 2 --dist loadfile $(ARGS)

evaluate: setup
	@$(BIN)/aiguilleur understanding
	@$(BIN)/aiguilleur evaluate $(ARGS)

bench: setup
	@$(BIN)/python -m bench.side_by_side $(ARGS)
	@$(BIN)/python -m bench.journal $(filter --quick --write,$(ARGS))

lint: .venv/.with-requirements-dev.txt
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: .venv/.with-requirements-dev.txt
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

# The directory: loaded again when its data or its tables changed; any other database than the file of the
# project is asked each time, a few seconds. The model: trained again when what it is made from changed.
define prepare
@if [ -n "$${DATABASE_URL}" ] || [ "$${AIGUILLEUR_DATABASE_URL:-sqlite:///var/directory.db}" != sqlite:///var/directory.db ] \
    || [ ! -e var/directory.db ] || [ ! -e var/.loaded ] \
    || [ -n "$$(find data/seed directory \( -name '*.py' -o -path 'data/seed*' \) -newer var/.loaded 2>/dev/null)" ]; then \
  echo "Chargement de l’annuaire (une quinzaine de secondes)…"; \
  mkdir -p var && $(BIN)/aiguilleur directory upgrade && $(BIN)/aiguilleur directory import && touch var/.loaded; \
fi
@$(BIN)/python -c "from bot.training import model_path; raise SystemExit(not model_path().is_file())" || $(BIN)/aiguilleur train
endef

# A stamp a lock; what was installed for the tests stays when the assistant is run.
LOCKS = $(sort requirements.txt $(1) $(patsubst .venv/.with-%,%,$(wildcard .venv/.with-requirements*.txt)))

.venv/.with-requirements-dev.txt: requirements.txt
.venv/.with-%.txt: %.txt pyproject.toml .venv/pyvenv.cfg
	@echo "Installation des bibliothèques dans .venv (la première fois : de 1 à 5 minutes selon la connexion)…"
	@$(UV) pip sync --python $(BIN)/python --require-hashes $(call LOCKS,$*.txt) || { \
	  echo "L’installation n’a pas abouti : vérifiez la connexion et l’espace libre (3 Go), puis relancez la commande." >&2; exit 1; }
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > .venv/.place
	@touch $(addprefix .venv/.with-,$(call LOCKS,$*.txt))

.venv/pyvenv.cfg: .python-version | $(filter .tools/%,$(UV))
	@[ "$$(uname -sm)" = "Linux x86_64" ] || echo "Attention : les versions figées sont celles de Linux x86_64; ailleurs, l’installation peut échouer." >&2
	@echo "Création de l’environnement Python $$(cat .python-version) (.venv)…"
	@rm -rf .venv
	@for python in "$$(cat .python-version)" "$$HOME"/.pyenv/versions/"$$(cat .python-version)".*/bin/python; do \
	  UV_PYTHON_DOWNLOADS=never $(UV) venv --quiet --python "$$python" .venv 2>/dev/null && exit; done; \
	$(UV) venv --quiet --python "$$(cat .python-version)" .venv || { \
	  echo "Python $$(cat .python-version) est introuvable et n’a pas pu être téléchargé." >&2; \
	  echo "Installez-le (pyenv install 3.10, brew install python@3.10, ou le paquet python3.10 de votre système), puis relancez la commande." >&2; \
	  exit 1; }

.tools/bin/uv:
	@echo "Installation de l’outil uv dans .tools (quelques secondes)…"
	@for python in python3 python /usr/bin/python3 python3.14 python3.13 python3.12 python3.11 python3.10; do \
	  rm -rf .tools; $$python -m venv .tools >/dev/null 2>&1 && break; done; \
	[ -x .tools/bin/pip ] || { rm -rf .tools; \
	  echo "Aucun Python n’a pu créer d’environnement : installez Python 3 et son module venv (Debian, Ubuntu : apt-get install python3-venv), puis relancez la commande." >&2; exit 1; }
	@.tools/bin/pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" || { rm -rf .tools; \
	  echo "L’outil uv n’a pas pu être installé : vérifiez la connexion, puis relancez la commande." >&2; exit 1; }

COMPILE = $(UV) pip compile --quiet --python-version 3.10 --python-platform linux --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock"

lock: | $(filter .tools/%,$(UV))
	@$(COMPILE) pyproject.toml --output-file requirements.txt $(ARGS)
	@$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt $(ARGS)
	@! grep -n "://" requirements*.txt

clean:
	rm -rf .venv .tools models .rasa .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

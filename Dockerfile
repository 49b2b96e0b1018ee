# The service. Not run by the tests: see « Avec des conteneurs » in docs/exploitation.md.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false
WORKDIR /app
# The environment first: it changes only with the locks.
COPY scripts scripts
COPY requirements requirements
RUN VAR_DIR=/opt/premiere-reponse scripts/prepare service
COPY . .
ENV PATH=/opt/premiere-reponse/venv/bin:$PATH VAR_DIR=/var/lib/premiere-reponse HOST=0.0.0.0
RUN useradd --system --home-dir "$VAR_DIR" --create-home premiere-reponse
USER premiere-reponse
VOLUME /var/lib/premiere-reponse
EXPOSE 8000
HEALTHCHECK --start-period=180s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
# Rasa runs in its own container: the service is started here without it as a child. The
# model and the index are made in the volume the first time.
CMD ["sh", "-c", "python -m knowledge_base --var \"$VAR_DIR\" build && exec python -c 'import uvicorn; from connectors import logs; from connectors.app import create_app; from connectors.settings import Settings; logs.set_up(); s = Settings(); uvicorn.run(create_app(s), host=s.host, port=s.port, log_config=None, log_level=\"warning\", access_log=False, server_header=False, proxy_headers=s.https)'"]

#!/bin/bash
# Build the image of a hub's servers from binder/, with MNIST inside: deploy/image.sh REGISTRY/NAME:TAG
# Needs Docker, a network and the extra `test`, which has repo2docker. Then: docker push REGISTRY/NAME:TAG
#
# Tried: that repo2docker reads all of it and writes the Dockerfile (tests/hub/test_deploy.py). Not tried: the build.
set -euo pipefail
cd "$(dirname "$0")/.."

# Not in the home folder: a hub lays the student's volume over it. nbgitpuller brings the student's copy there.
exec "${PYTHON:-.venv/bin/python}" -m repo2docker --no-run --image-name "$1" --user-id 1000 --user-name jovyan \
  --target-repo-dir /srv/course \
  --appendix "RUN pip install --no-cache-dir --no-deps $(grep -o '^nbgitpuller==[0-9.]*' requirements-hub.txt)" \
  "${@:2}" .

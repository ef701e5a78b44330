#!/bin/bash
# The course on The Littlest JupyterHub: run as root, in a checkout at /opt/pca-autoencoders that all may read.
#
#   git clone --branch v1 https://github.com/OWNER/REPO /opt/pca-autoencoders
#   cd /opt/pca-autoencoders && sudo deploy/tljh/install.sh ADMIN
#
# Tried: the syntax of this file; the names in course.py, against JupyterHub and its systemd spawner
# (tests/hub/test_deploy.py). Not tried: this script on a server, since there was none.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=/opt/tljh/user/bin/python

curl -fsSL https://tljh.jupyter.org/bootstrap.py | python3 - --admin "$1"

# The packages, for all users. TLJH brings nbgitpuller
"$python" -m pip install -r requirements.txt
"$python" -m pip install --no-deps --no-build-isolation -e .
XDG_CACHE_HOME="$PWD/build/cache" "$python" -m course_utils data  # course.py says where it lies
chmod -R a+rX .

# What a server may use, and when one that nobody uses is stopped: after an hour, longer than any training
tljh-config set user_environment.default_app jupyterlab
tljh-config set limits.memory 2G
tljh-config set limits.cpu 1
tljh-config set services.cull.timeout 3600
tljh-config set services.cull.every 300
cp deploy/tljh/course.py /opt/tljh/config/jupyterhub_config.d/course.py
tljh-config reload hub

"""What the course asks of The Littlest JupyterHub beyond `tljh-config`; install.sh puts it in place."""

# One thread for each student: more than cores only cost memory and time
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    c.SystemdSpawner.environment.update({_name: "1"})  # noqa: F821 - JupyterHub defines c
c.SystemdSpawner.environment.update(  # noqa: F821
    {
        "MALLOC_ARENA_MAX": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "COURSE_DATA_DIR": "/opt/pca-autoencoders/build/cache/course_utils",
    }
)
# A kernel that needs more than its 2 GB ends at once. With swap it would make the machine slow for all instead
c.SystemdSpawner.unit_extra_properties = {"MemorySwapMax": "0"}  # noqa: F821
# TensorFlow's import keeps a core busy for seconds: a class that starts at once waits in a queue, and none times out
c.JupyterHub.concurrent_spawn_limit = 20  # noqa: F821
c.Spawner.start_timeout = 300  # noqa: F821
c.Spawner.http_timeout = 300  # noqa: F821

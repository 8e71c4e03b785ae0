"""Two nginx: the upstream, which plays Vonage's API, and the front, which is the same before every peer."""

import os
from dataclasses import dataclass
from pathlib import Path

from stack import listening, nginx
from stack.workplace import Part, Workplace

ECHO_MODULE = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")

CHECKED = (
    '{"request_id":"$posted_id","event_id":"0A00000012345678","status":"0","price":"0.10000000","currency":"EUR",'
    '"estimated_price_messages_sent":"0.03330000"}'
)

COMMON = """
    worker_processes auto;
    worker_rlimit_nofile 65536;
    pid nginx.pid;
    events { worker_connections 32768; }
"""

TEMPORARY = """
    client_body_temp_path temporary;
    proxy_temp_path temporary;
    fastcgi_temp_path temporary;
    uwsgi_temp_path temporary;
    scgi_temp_path temporary;
"""


@dataclass(frozen=True)
class Upstream:
    """What `VONAGE_API_URL` is set to, in three speeds."""

    part: Part
    port: int

    def url(self, delay: float) -> str:
        """:param delay: in seconds; one of `PATHS`."""
        return f"http://127.0.0.1:{self.port}{PATHS[delay]}"


# How long the upstream takes, in seconds, and where.
PATHS: dict[float, str] = {0: "", 0.3: "/slow", 9: "/held"}


def start_upstream(workplace: Workplace) -> Upstream:
    """Answers at once, below `/slow` after 300 ms, and below `/held` when nobody waits any more; its connections carry any
    number of requests.
    """
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log("upstream")
    configuration = f"""
        load_module {ECHO_MODULE};
        error_log {log} error;
        {COMMON}
        http {{
            access_log off;
            {TEMPORARY}
            keepalive_requests 1000000000;
            keepalive_timeout 300s;
            map $request_body $posted_id {{ "~request_id=(?<id>[0-9a-f]+)" $id; }}
            default_type application/json;
            server {{
                listen 127.0.0.1:{port} backlog=4096;
                location = /verify/json {{ echo '{{"request_id":"$request_id","status":"0"}}'; }}
                location = /verify/check/json {{ echo_read_request_body; echo '{CHECKED}'; }}
                location = /slow/verify/json {{ echo_sleep 0.3; echo '{{"request_id":"$request_id","status":"0"}}'; }}
                location = /held/verify/json {{ echo_sleep 9; echo '{{"request_id":"$request_id","status":"0"}}'; }}
                location = /slow/verify/check/json {{ echo_read_request_body; echo_sleep 0.3; echo '{CHECKED}'; }}
            }}
        }}
    """
    return Upstream(nginx.start_whole(workplace, "upstream", configuration, [listener], log, user="root"), port)


@dataclass(frozen=True)
class Front:
    """nginx with a peer behind it."""

    part: Part
    port: int
    access_log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def start_front(workplace: Workplace, name: str, upstreams: str, locations: str) -> Front:
    """nginx as `nginx.conf.example` has it, without TLS and without limits of its own.

    Visitors come from many addresses, as they do on a site: the load names one with each request, and nginx takes it.

    :param upstreams: the peer.
    :param locations: how `/register` and `/verify` get to it.
    """
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log(f"front-{name}")
    access_log = workplace.new_log(f"front-{name}-access")
    configuration = f"""
        error_log {log} warn;
        {COMMON}
        http {{
            log_format short '$remote_addr [$time_iso8601] $request_method $uri $server_protocol $status '
                             '$body_bytes_sent $request_time';
            access_log {access_log} short;
            {TEMPORARY}
            keepalive_requests 1000000000;
            keepalive_timeout 300s;
            set_real_ip_from 127.0.0.1;
            real_ip_header X-Forwarded-For;
            client_max_body_size 64k;
            client_body_buffer_size 64k;
            fastcgi_buffering on;
            fastcgi_read_timeout 60s;
            proxy_read_timeout 60s;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            {upstreams}
            server {{
                listen 127.0.0.1:{port} backlog=4096;
                include /etc/nginx/fastcgi_params;
                fastcgi_param HTTP_PROXY "";
                {locations}
            }}
        }}
    """
    part = nginx.start_whole(workplace, f"front-{name}", configuration, [listener], log, user="root")
    return Front(part, port, access_log)


def user_for_workers() -> str:
    """For configurations of programs that must name their workers' user when they are started by root."""
    return "user = root\ngroup = root" if os.getuid() == 0 else ""

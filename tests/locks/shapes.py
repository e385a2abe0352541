"""Requirement files in the shapes that well-known kinds of projects have, and the packages they name.

Names, extras and who requires whom are those of the real packages; versions are few. All of them are on the
public index as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.index.server import PackageIndex

SITE = {
    "base.in": """\
# ------------------------------------------------------------ images and text
python-slugify==8.0.4
Pillow>=11  # thumbnails
argon2-cffi

# ------------------------------------------------------------ tasks
redis[hiredis]>=5,<7
celery>=5.4 ; sys_platform != "none"
django-celery-beat

# ------------------------------------------------------------ the site
django>=5.1,<5.3
django-environ
django-allauth[mfa]~=65.0
django-crispy-forms
crispy-bootstrap5
""",
    "local.in": """\
-r base.in

werkzeug[watchdog]==3.1.3
ipdb
psycopg[c]>=3.2 ; sys_platform == "none"
psycopg[binary]>=3.2
watchfiles

# Tests
mypy
pytest
pytest-sugar
coverage
django-debug-toolbar
factory-boy
""",
    "production.in": """\
# What the server runs on
-r base.in

gunicorn
psycopg[binary]
sentry-sdk>=2
django-anymail[amazon-ses]
django-storages[s3]
""",
}
"""A site: what all need, and on top of it what developers and what servers need."""

SERVICE = {
    "main.in": """\
alembic>=1.7
boto3
click
Jinja2>=2.8
sqlalchemy[asyncio]>=2,<2.1
redis>=2.8
requests
sentry-sdk
""",
    "deploy.in": "-c main.txt\ngunicorn\n",
    "tests.in": "-c main.txt\ncoverage[toml]\npytest>=8\npytest-socket\nresponses\nfreezegun\n",
    "lint.in": "-c main.txt\n-c tests.txt\nmypy\nruff\ntypes-requests\n",
    "docs/user.in": "-c ../main.txt\nSphinx\nfuro\nmyst-parser",
    "dev.in": "-r docs/user.in\r\n-c main.txt\r\nwatchfiles\r\nhupper\r\n",
}
"""A service: each part has a layer of its own, held to what the service itself runs on."""

PLATFORM = {
    "constraints.txt": "-c common_constraints.txt\n# Until the old forms are gone.\nDjango<5\nclick<8.2\n",
    "common_constraints.txt": "celery<6\nelasticsearch<8  # the cluster's version\n",
    "kernel.in": "-c constraints.txt\nDjango\ncelery\nrequests\npython-dateutil\n",
    "bundled.in": "-c constraints.txt\nxblock-utils\n",
    "base.in": "-r kernel.in\n-r bundled.in\n-c constraints.txt\nboto3\nPyJWT[crypto]\n",
    "test.in": "-c constraints.txt\n-r base.txt\ncoverage\nfactory-boy\npytest\npytest-django\n",
    "quality.in": "-c constraints.txt\n-r test.txt\npycodestyle\npylint\n",
    "ci.in": "-c constraints.txt\ntox\n",
    "dev.in": "-c constraints.txt\n-r quality.txt\n-r ci.txt\ndiff-cover\ndjango-debug-toolbar\n",
}
"""A platform: constraints that all layers share, and layers that name the locks of others."""

# A package, its versions, what they require and what each extra adds to that.
_WORLD = """
accessible-pygments 0.0.5 : pygments>=1.5
alabaster 1.0.0
alembic 1.13.3 1.16.4 : Mako SQLAlchemy>=1.4.0 typing-extensions>=4.12
amqp 5.3.1 : vine>=5.0.0,<6.0.0
anyio 4.9.0 : idna>=2.8 sniffio>=1.1 typing_extensions>=4.5;python_version<"3.13"
appdirs 1.4.4
argon2-cffi 23.1.0 25.1.0 : argon2-cffi-bindings
argon2-cffi-bindings 25.1.0 : cffi>=1.0.1;python_version<"3.14" cffi>=2.0.0b1;python_version>="3.14"
asgiref 3.8.1 3.9.1
astroid 3.3.11
asttokens 3.0.0
async-timeout 5.0.1
babel 2.17.0
beautifulsoup4 4.13.4 : soupsieve>1.2 typing-extensions>=4.0.0
billiard 4.2.1
boto3 1.39.4 1.40.1 : botocore>=1.39.4,<1.41.0 jmespath>=0.7.1,<2.0.0 s3transfer>=0.13.0,<0.14.0
botocore 1.39.4 1.40.1 : jmespath>=0.7.1,<2.0.0 python-dateutil>=2.1,<3.0.0 urllib3>=1.25.4,!=2.2.0,<3
cachetools 5.5.2 6.1.0
celery 5.4.0 5.5.3 : billiard>=4.2.1,<5.0 kombu>=5.3.4,<5.6 vine>=5.1.0,<6.0 click>=8.1.2,<9.0
    click-didyoumean>=0.3.0 click-plugins>=1.1.1 click-repl>=0.2.0 python-dateutil>=2.8.2 tzdata>=2022.7
certifi 2025.8.3
cffi 1.17.1 2.0.0 : pycparser
chardet 5.2.0
charset-normalizer 3.4.3
click 8.1.8 8.2.1 : colorama;platform_system=="Windows"
click-didyoumean 0.3.1 : click>=7
click-plugins 1.1.1.2 : click>=4.0
click-repl 0.3.0 : click>=7.0 prompt-toolkit>=3.0.36
colorama 0.4.6
coverage 7.9.2 7.10.1 [toml] tomli;python_full_version<="3.11.0a6"
crispy-bootstrap5 2025.6 : django>=4.2 django-crispy-forms>=2.3
cron-descriptor 1.4.5
cryptography 44.0.3 45.0.6 : cffi>=1.14;platform_python_implementation!="PyPy"
decorator 5.2.1
diff-cover 9.6.0 : Jinja2>=2.7.1 Pygments>=2.19.1,<3.0.0 chardet>=3.0.0 pluggy>=0.13.1,<2
dill 0.4.0
distlib 0.4.0
Django 4.2.23 5.1.11 5.2.5 : asgiref>=3.6.0,<4 sqlparse>=0.3.1 tzdata;sys_platform=="win32" [argon2]
    argon2-cffi>=19.1.0
django-allauth 65.0.2 65.10.0 : Django>=4.2.16 asgiref>=3.8.1 [mfa] qrcode>=7.0.0,<9 fido2>=1.1.2,<3
django-anymail 13.0.1 : django>=4.0 requests>=2.4.3 urllib3>=1.25.0 [amazon-ses] boto3>=1.24.6
django-celery-beat 2.8.1 : celery>=5.2.3,<6.0 django-timezone-field>=5.0 tzdata python-crontab>=2.3.4
    cron-descriptor>=1.2.32 Django>=2.2,<6.0
django-crispy-forms 2.4 : django>=4.2
django-debug-toolbar 5.2.0 6.0.0 : django>=4.2.9 sqlparse>=0.2
django-environ 0.12.0
django-storages 1.14.6 : Django>=3.2 [s3] boto3>=1.4.4
django-timezone-field 7.1 : Django>=3.2,<6.0
docutils 0.21.2
elastic-transport 8.17.1
executing 2.2.0
factory-boy 3.3.3 : Faker>=0.7.0
Faker 37.5.3 : tzdata
fido2 2.0.0 : cryptography>=2.6,!=35,<48
filelock 3.18.0
freezegun 1.5.3 : python-dateutil>=2.7
fs 2.4.16 : appdirs~=1.4.3 setuptools six~=1.10
furo 2025.7.19 : accessible-pygments>=0.0.5 beautifulsoup4 sphinx>=6.0,<9.0 sphinx-basic-ng>=1.0.0.beta2
    pygments>=2.7
greenlet 3.2.3
gunicorn 22.0.0 23.0.0 : packaging
hiredis 3.2.1
hupper 1.12.1
idna 3.10
imagesize 1.4.1
iniconfig 2.1.0
ipdb 0.13.13 : ipython>=7.31.1;python_version>="3.11" decorator;python_version>"3.6"
    tomli;python_version<"3.11"
ipython 9.4.0 : decorator jedi>=0.16 matplotlib-inline pexpect>4.3;sys_platform!="win32"
    prompt_toolkit>=3.0.41,<3.1.0 pygments>=2.4.0 stack_data traitlets>=5.13.0
    colorama;sys_platform=="win32"
isort 6.0.1
jedi 0.19.2 : parso>=0.8.4,<0.9.0
Jinja2 3.1.5 3.1.6 : MarkupSafe>=2.0
jmespath 1.0.1
kombu 5.5.4 : amqp>=5.1.1,<6.0.0 vine==5.1.0 tzdata>=2025.2 packaging
lxml 6.0.0
Mako 1.3.10 : MarkupSafe>=0.9.2
markdown-it-py 3.0.0 4.0.0 : mdurl~=0.1
MarkupSafe 3.0.2
matplotlib-inline 0.1.7 : traitlets
mccabe 0.7.0
mdit-py-plugins 0.5.0 : markdown-it-py>=2.0.0,<5.0.0
mdurl 0.1.2
mypy 1.16.1 1.17.1 : typing_extensions>=4.6.0 mypy_extensions>=1.0.0 pathspec>=0.9.0
mypy-extensions 1.1.0
myst-parser 4.0.1 : docutils>=0.19,<0.22 jinja2 markdown-it-py~=3.0 mdit-py-plugins~=0.4,>=0.4.1 pyyaml
    sphinx>=7,<9
packaging 24.2 25.0
parso 0.8.4
pathspec 0.12.1
pexpect 4.9.0 : ptyprocess>=0.5
Pillow 10.4.0 11.3.0
platformdirs 4.3.8
pluggy 1.6.0
prompt-toolkit 3.0.51 : wcwidth
psycopg 3.2.8 3.2.9 : typing-extensions>=4.6;python_version<"3.13" tzdata;sys_platform=="win32" [binary]
    psycopg-binary==3.2.9;implementation_name!="pypy" [c] psycopg-c==3.2.9;implementation_name!="pypy"
psycopg-binary 3.2.8 3.2.9
ptyprocess 0.7.0
pure-eval 0.2.3
pycodestyle 2.14.0
pycparser 2.22
Pygments 2.19.2
PyJWT 2.10.1 [crypto] cryptography>=3.4.0
pylint 3.3.7 : platformdirs>=2.2.0 astroid>=3.3.8,<=3.4.0.dev0 isort>=4.2.5,!=5.13,<7 mccabe>=0.6,<0.8
    tomlkit>=0.10.1 colorama>=0.4.5;sys_platform=="win32" dill>=0.3.6
pyproject-api 1.9.1 : packaging>=25
pytest 8.4.1 : iniconfig>=1 packaging>=20 pluggy>=1.5,<2 pygments>=2.7.2
    colorama>=0.4;sys_platform=="win32"
pytest-django 4.11.1 : pytest>=7.0.0
pytest-socket 0.7.0 : pytest>=6.2.5
pytest-sugar 1.0.0 : pytest>=6.2.0 termcolor>=2.1.0 packaging>=21.3
python-crontab 3.3.0
python-dateutil 2.9.0.post0 : six>=1.5
python-slugify 8.0.4 : text-unidecode>=1.3
pytz 2025.2
PyYAML 6.0.2
qrcode 8.2 : colorama;sys_platform=="win32"
redis 5.2.1 6.2.0 : async-timeout>=4.0.3;python_full_version<"3.11.3" [hiredis] hiredis>=3.0.0
requests 2.32.4 : charset_normalizer>=2,<4 idna>=2.5,<4 urllib3>=1.21.1,<3 certifi>=2017.4.17
responses 0.25.7 : requests>=2.30.0,<3.0 urllib3>=1.25.10,<3.0 pyyaml
ruff 0.12.5
s3transfer 0.13.1 : botocore>=1.37.4,<2.0a.0
sentry-sdk 2.33.2 2.34.1 : urllib3>=1.26.11 certifi
setuptools 80.9.0
simplejson 3.20.1
six 1.17.0
sniffio 1.3.1
snowballstemmer 3.0.1
soupsieve 2.7
Sphinx 8.1.3 8.2.3 : sphinxcontrib-applehelp>=1.0.7 sphinxcontrib-htmlhelp>=2.0.6 Jinja2>=3.1
    Pygments>=2.17 docutils>=0.20,<0.22 snowballstemmer>=2.2 babel>=2.13 alabaster>=0.7.14
    imagesize>=1.3 requests>=2.30.0 packaging>=23.0 colorama>=0.4.6;sys_platform=="win32"
sphinx-basic-ng 1.0.0b2 : sphinx>=4.0
sphinxcontrib-applehelp 2.0.0
sphinxcontrib-htmlhelp 2.1.0
SQLAlchemy 1.4.54 2.0.42 : typing-extensions>=4.6.0 greenlet>=1;python_version<"3.14" [asyncio]
    greenlet>=1
sqlparse 0.5.3
stack-data 0.6.3 : executing>=1.2.0 asttokens>=2.1.0 pure-eval
termcolor 3.1.0
text-unidecode 1.3
tomli 2.2.1
tomlkit 0.13.3
tox 4.27.0 4.28.4 : cachetools>=6.1 chardet>=5.2 colorama>=0.4.6 filelock>=3.18 packaging>=25
    platformdirs>=4.3.8 pluggy>=1.6 pyproject-api>=1.9.1 virtualenv>=20.31.2
traitlets 5.14.3
types-requests 2.32.4.20250611 : urllib3>=2
typing-extensions 4.14.1
tzdata 2025.2
urllib3 2.5.0
vine 5.1.0
virtualenv 20.32.0 : distlib>=0.3.7,<1 filelock>=3.12.2,<4 platformdirs>=3.9.1,<5
watchdog 6.0.0
watchfiles 1.1.0 : anyio>=3.0.0
wcwidth 0.2.13
web-fragments 3.1.0
webob 1.8.9
Werkzeug 3.1.3 : MarkupSafe>=2.1.1 [watchdog] watchdog>=2.3
XBlock 5.2.0 : fs lxml mako markupsafe python-dateutil pytz pyyaml simplejson web-fragments webob
xblock-utils 4.0.0 : XBlock>=5.2.0
"""


def publish(index: PackageIndex) -> PackageIndex:
    """Publish the packages that the files name."""
    for line in re.sub(r"\n\s+", " ", _WORLD).strip().splitlines():
        own, *extras = re.split(r"\s+\[([a-z0-9-]+)\]\s*", line)
        release, _, requires = own.partition(" : ")
        name, *versions = release.split()
        more: Mapping[str, list[str]] = {
            extra: needed.split() for extra, needed in zip(extras[::2], extras[1::2], strict=True)
        }
        for version in versions:
            index.add(name, version, requires.split(), extras=more, sdist=name[0] in "acps")
    return index

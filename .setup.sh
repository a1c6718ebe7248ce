# Shared by ./start and ./test: find Python, install the locked packages, build the web bundle. Plain sh.
say() { printf '%s\n' "$1"; }
step() { printf '\n== %s\n' "$1"; }
fail() { printf '错误：%s\n' "$1" >&2; exit 1; }

find_python() {
  for p in python3.13 python3.14 python3.12 "$HOME"/.pyenv/versions/3.1[234]*/bin/python "${PYENV_ROOT:-/nonexistent}"/versions/3.1[234]*/bin/python python3 python; do
    if command -v "$p" >/dev/null 2>&1 && "$p" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; then
      "$p" -c 'import sys; print(sys.executable)'
      return 0
    fi
  done
  return 1
}

# uv into .cache/uv, by a virtual environment's pip, or (a Python without ensurepip) by the pip that is there.
fetch_uv() {
  want='uv>=0.13,<0.14'
  rm -rf .cache/uv
  if "$1" -m venv .cache/uv >/dev/null 2>&1; then
    .cache/uv/bin/python -m pip install --quiet --disable-pip-version-check "$want" || fail "无法从 PyPI 安装 uv，请检查网络。"
  elif rm -rf .cache/uv && "$1" -m pip --version >/dev/null 2>&1; then
    "$1" -m pip install --quiet --disable-pip-version-check --target .cache/uv "$want" || fail "无法从 PyPI 安装 uv，请检查网络。"
  else
    fail "无法创建虚拟环境。Debian 上请先运行：apt-get install -y python3-venv"
  fi
}

setup() {
  lock="$1"
  stamp=".cache/stamp-$(cksum < "$lock" | cut -d' ' -f1)"
  if [ -e "$stamp" ] && [ -x .venv/bin/python ]; then return 0; fi
  say "① 准备 Python 环境（首次约 1 分钟）…"
  mkdir -p .cache
  any=$(find_python || command -v python3 || true)
  [ -n "$any" ] || fail "找不到 Python。请安装 Python 3.12 或更新版本后再运行。"
  [ -x .cache/uv/bin/uv ] || fetch_uv "$any"
  if [ ! -x .venv/bin/python ]; then
    py=$(find_python) || py=3.13
    .cache/uv/bin/uv venv --quiet --python "$py" .venv || fail "需要 Python 3.12 或更新版本，但没有找到，也无法下载。请安装后再运行。"
  fi
  say "② 安装依赖…"
  if [ "$lock" = requirements.lock ] && ls .cache/stamp-dev-* >/dev/null 2>&1; then lock=requirements-dev.lock; fi
  UV_COMPILE_BYTECODE=1 .cache/uv/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python "$lock" || fail "安装依赖失败，请检查网络后重试。"
  UV_COMPILE_BYTECODE=1 .cache/uv/bin/uv pip install --quiet --no-deps --no-build-isolation --offline --python .venv/bin/python -e . 2>/dev/null || link_daifa
  case "$lock" in *dev*) : > ".cache/stamp-dev-$(cksum < "$lock" | cut -d' ' -f1)";; esac
  rm -f .cache/stamp-[0-9]*
  : > ".cache/stamp-$(cksum < "$1" | cut -d' ' -f1)"
}

# The command without a build backend: a .pth file and a two-line script.
link_daifa() {
  site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  pwd > "$site/daifa.pth"
  printf '#!%s\nfrom daifa.entry.cli import main\nmain()\n' "$PWD/.venv/bin/python" > .venv/bin/daifa
  chmod +x .venv/bin/daifa
}

build_web() {
  want=$(find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print | LC_ALL=C sort | xargs cat | cksum | cut -d' ' -f1)
  if [ -e "web/dist/.built-$want" ]; then return 0; fi
  say "③ 构建网页（首次约半分钟）…"
  (
    cd web
    PATH="$PWD/../.venv/bin:$PATH"
    lockmark="node_modules/.lock-$(cksum < package-lock.json | cut -d' ' -f1)"
    if [ ! -e "$lockmark" ]; then
      npm ci --no-audit --no-fund --silent || exit 1
      : > "$lockmark"
    fi
    npm run --silent build
  ) > .cache/web.log 2>&1 || { tail -30 .cache/web.log >&2; fail "网页构建失败，完整日志在 .cache/web.log。"; }
  : > "web/dist/.built-$want"
}

# The process of a job. POSIX sh: dash, bash and busybox's ash run it. Behind these functions stand the lines of one job, see JobScript.
# Arguments: the folder of the job, its id. In the folder: claim (the number of this process), e.1, e.2 ... (one event a file, whose time is that of the event),
# io/log.STEP and io/out.STEP, and what the agent asks for: cancel, end.STEP. Values come as variables MINI_BUILD_V_N. All bookkeeping is done by builtins.
exec </dev/null
_mb_d=$1
_mb_id=$2
_mb_n=0
_mb_x=

# Only one process gets past this, however often the job is started.
set -C
{ printf '%s\n' "$$" >"$_mb_d/claim"; } 2>/dev/null || exit 0
set +C

# Writes an event. A full disk is waited for, for some minutes.
_mb_event() {
    _mb_n=$((_mb_n + 1))
    _mb_t=0
    until { printf '%s\n' "$*" >"$_mb_d/e.$_mb_n"; } 2>/dev/null; do
        _mb_t=$((_mb_t + 1))
        [ "$_mb_t" -lt 300 ] || exit 75
        sleep 1
    done
}

# Whether the running step has no further attempt: it was ended, or the job was cancelled meanwhile.
_mb_stopped() {
    [ -e "$_mb_d/end.$_mb_i" ] || { [ "$_mb_k" = 0 ] && [ -e "$_mb_d/cancel" ]; }
}

# STEP AFTER_SUCCESS AFTER_FAILURE AFTER_CANCEL CONTINUE_ON_ERROR EXIT_CODES CONTAINER WAIT...
# EXIT_CODES: those with a further attempt, with spaces around; empty for all. CONTAINER: 1 or 0. A WAIT for each attempt, in seconds; - for none.
_mb_step() {
    _mb_i=$1
    _mb_k=0
    if [ -e "$_mb_d/cancel" ]; then
        _mb_k=1 _mb_s=cancelled _mb_r=$4
    elif [ "$_mb_f" = 1 ]; then
        _mb_s=failed _mb_r=$3
    else
        _mb_s=succeeded _mb_r=$2
    fi
    if [ "$_mb_r" = 0 ]; then
        _mb_event K "$_mb_i"
        return
    fi
    _mb_g=$5 _mb_q=$6 _mb_o=$7
    shift 7
    _mb_m=$# _mb_a=0
    for _mb_w in "$@"; do
        if [ "$_mb_w" != - ]; then
            MINI_BUILD_MARK=$_mb_id/$_mb_i sleep "$_mb_w"
            if _mb_stopped; then
                _mb_event E "$_mb_i" "$_mb_a" "$_mb_c" 1
                break
            fi
        fi
        _mb_a=$((_mb_a + 1))
        { true >"$_mb_d/io/out.$_mb_i"; } 2>/dev/null
        _mb_event S "$_mb_i" "$_mb_a" "$_mb_k"
        ("_mb_s$_mb_i") >>"$_mb_d/io/log.$_mb_i" 2>&1
        _mb_c=$?
        _mb_l=1
        if _mb_stopped; then
            [ "$_mb_o" = 0 ] || "_mb_r$_mb_i" >/dev/null 2>&1
        else
            [ "$_mb_o" = 0 ] || [ "$_mb_c" -lt 125 ] || "_mb_r$_mb_i" >/dev/null 2>&1
            if [ "$_mb_c" != 0 ] && [ "$_mb_a" -lt "$_mb_m" ]; then
                case $_mb_q in
                    '' | *" $_mb_c "*) _mb_l=0 ;;
                esac
            fi
        fi
        _mb_event E "$_mb_i" "$_mb_a" "$_mb_c" "$_mb_l"
        [ "$_mb_l" = 0 ] || break
    done
    [ "$_mb_c" = 0 ] || [ "$_mb_g" = 1 ] || _mb_f=1
}

# Sends a signal to the steps' processes, where there is a /proc.
_mb_end() {
    for _mb_e in /proc/[0-9]*/environ; do
        if tr '\0' '\n' <"$_mb_e" 2>/dev/null | grep -q "^MINI_BUILD_MARK=$_mb_id/"; then
            _mb_p=${_mb_e#/proc/}
            kill "-$1" "${_mb_p%/environ}" 2>/dev/null
        fi
    done
}

# For the case that the controller does not come back: after so many seconds the job is cancelled, and ended when it goes on for ten minutes more.
_mb_watch() {
    trap 'kill "$!"; exit 0' TERM
    sleep "$1" &
    wait "$!"
    { true >"$_mb_d/cancel"; } 2>/dev/null
    _mb_end TERM
    sleep 3 &
    wait "$!"
    _mb_end KILL
    sleep 600 &
    wait "$!"
    kill -KILL "$$"
    _mb_end KILL
}

_mb_watched() {
    _mb_watch "$1" >/dev/null 2>&1 &
    _mb_x=$!
    { printf '%s\n' "$_mb_x" >"$_mb_d/watch"; } 2>/dev/null
}

_mb_over() {
    [ -z "$_mb_x" ] || kill "$_mb_x" 2>/dev/null
    _mb_event X
    exit 0
}

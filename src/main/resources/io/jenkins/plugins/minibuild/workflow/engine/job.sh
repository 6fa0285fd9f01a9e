# The process of a job. POSIX sh: dash, bash and busybox's ash run it. Behind these functions stand the lines of one job, see JobScript.
# Arguments: the folder of the job, its id. In the folder: claim (the number of this process), events, io/log.STEP and io/out.STEP, and what the agent asks for:
# cancel, end.STEP. Values come as variables MINI_BUILD_V_N. All bookkeeping is done by builtins, and with few new files, which cost as much as a process.
exec </dev/null
_mb_d=$1
_mb_id=$2
_mb_n=0
_mb_x=
# What is started gets no mark of the runner.
unset MINI_BUILD_RUNNER

# Only one process gets past this, however often the job is started.
set -C
{ printf '%s\n' "$$" >"$_mb_d/claim"; } 2>/dev/null || exit 0
set +C

# Steps do not get this descriptor.
exec 9>>"$_mb_d/events" || exit 1

# The time of the next event: the seconds since the machine was started, - where that is not known.
_mb_now() {
    read -r _mb_u _mb_v </proc/uptime || _mb_u=-
}

# Adds an event: its number, what happened, the time. A full disk is waited for, for some minutes; what was torn then stays behind as a line that is no event.
_mb_event() {
    _mb_n=$((_mb_n + 1))
    _mb_t=0
    _mb_v="$_mb_n $* $_mb_u"
    until printf '%s\n' "$_mb_v" >&9; do
        _mb_v="
$_mb_n $* $_mb_u"
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
            MINI_BUILD_MARK=$_mb_id/$_mb_i sleep "$_mb_w" 9>&-
            _mb_now
            if _mb_stopped; then
                _mb_event E "$_mb_i" "$_mb_a" "$_mb_c" 1
                break
            fi
        fi
        _mb_a=$((_mb_a + 1))
        # A container gets it mounted.
        [ "$_mb_a$_mb_o" = 10 ] || true >"$_mb_d/io/out.$_mb_i"
        _mb_event S "$_mb_i" "$_mb_a" "$_mb_k"
        # No subshell: shells start a simple command faster than they copy themselves.
        "_mb_s$_mb_i" >>"$_mb_d/io/log.$_mb_i" 2>&1 9>&-
        _mb_c=$?
        # Also the time at which the next one begins.
        _mb_now
        _mb_l=1
        if _mb_stopped; then
            [ "$_mb_o" = 0 ] || "_mb_r$_mb_i" >/dev/null 2>&1 9>&-
        else
            [ "$_mb_o" = 0 ] || [ "$_mb_c" -lt 125 ] || "_mb_r$_mb_i" >/dev/null 2>&1 9>&-
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

# Goes to the folder of a step, which is made if it is not there.
_mb_cd() {
    [ -d "$1" ] || MINI_BUILD_MARK=$_mb_id/$_mb_i mkdir -p "$1" || return 1
    cd "$1"
}

# Which of some processes are the steps', where there is a /proc.
_mb_found() {
    _mb_h=
    for _mb_p in "$@"; do
        if tr '\0' '\n' 2>/dev/null <"/proc/$_mb_p/environ" | grep -q "^MINI_BUILD_MARK=$_mb_id/"; then
            _mb_h="$_mb_h $_mb_p"
        fi
    done
}

# The numbers of all processes.
_mb_all() {
    set --
    for _mb_e in /proc/[0-9]*; do
        set -- "$@" "${_mb_e#/proc/}"
    done
    _mb_found "$@"
}

# For the case that the controller does not come back: after so many seconds the job is cancelled, and ended when it goes on for ten minutes more.
_mb_watch() {
    # KILL, since a process that is just becoming sleep can miss TERM.
    trap 'kill -KILL "$!"; exit 0' TERM
    MINI_BUILD_MARK=$_mb_id/watch sleep "$1" &
    wait "$!"
    true >"$_mb_d/cancel"
    _mb_all
    [ -z "$_mb_h" ] || kill -TERM $_mb_h
    MINI_BUILD_MARK=$_mb_id/watch sleep 3 &
    wait "$!"
    # Only these: the steps that run after a cancel have begun meanwhile.
    _mb_found $_mb_h
    [ -z "$_mb_h" ] || kill -KILL $_mb_h
    MINI_BUILD_MARK=$_mb_id/watch sleep 600 &
    wait "$!"
    kill -KILL "$$"
    _mb_all
    [ -z "$_mb_h" ] || kill -KILL $_mb_h
}

_mb_watched() {
    _mb_watch "$1" >/dev/null 2>&1 9>&- &
    _mb_x=$!
    printf '%s\n' "$_mb_x" >"$_mb_d/watch"
}

_mb_over() {
    if [ -n "$_mb_x" ]; then
        kill "$_mb_x" 2>/dev/null
        wait "$_mb_x" 2>/dev/null
    fi
    _mb_event X
    # A new file wakes the agent; what steps do it sees soon enough by itself.
    true >"$_mb_d/over"
    exit 0
}

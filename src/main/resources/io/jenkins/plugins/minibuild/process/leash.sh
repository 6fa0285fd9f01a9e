# Runs a command on a leash: a pipe on standard input that the agent holds open. When it closes early the agent is gone,
# and everything that carries the same MINI_BUILD_PROCESS ends. Arguments: the length of the command's own input in
# bytes (it follows the word "leash" and a line break on the pipe), then the command. POSIX sh.
length=$1
shift
if ! command -v "$1" >/dev/null 2>&1; then
    echo "$MINI_BUILD_PROCESS: not found" >&2
    exit 127
fi

# A launcher that gives no pipe sends no word: then there is no leash and no input.
held=
IFS= read -r held
input=
if [ "$held" = leash ] && [ "$length" -gt 0 ]; then
    # The dot keeps trailing line breaks.
    input=$(head -c "$length"; echo .)
    input=${input%.}
fi
exec 3<&0 </dev/null

end_all() {
    for environment in /proc/[0-9]*/environ; do
        pid=${environment#/proc/}
        pid=${pid%/environ}
        if [ "$pid" != "$self" ] && grep -q "MINI_BUILD_PROCESS=$MINI_BUILD_PROCESS" "$environment" 2>/dev/null; then
            kill -"$1" "$pid" 2>/dev/null
        fi
    done
}

watcher=
if [ "$held" = leash ]; then
    (
        while read -r _ <&3; do :; done
        # The pipe closes too when the command's shell was ended by the agent, which then ends this one: not to be withstood.
        kill -0 $$ 2>/dev/null || sleep 1
        trap '' TERM
        self=$(exec sh -c 'echo "$PPID"')
        end_all TERM
        sleep 3
        end_all KILL
    ) >/dev/null 2>&1 &
    watcher=$!
fi

if [ -n "$input" ]; then
    printf %s "$input" | "$@" 3<&-
else
    "$@" 3<&-
fi
code=$?
[ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null
exit "$code"

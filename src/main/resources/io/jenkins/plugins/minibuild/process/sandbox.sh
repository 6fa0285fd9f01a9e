# Gives bubblewrap what a command needs to know its user by, without a file that something could exchange. Arguments: the
# content of /etc/passwd, that of /etc/group, bubblewrap's command, then its own. POSIX sh.
passwd=$1
group=$2
bwrap=$3
shift 3
exec "$bwrap" --ro-bind-data 8 /etc/passwd --ro-bind-data 9 /etc/group "$@" 8<<PASSWD 9<<GROUP
$passwd
PASSWD
$group
GROUP

import { SHELL } from "../../../process/exec.ts";
import type { Confine } from "../view.ts";
import { endsWithParent } from "./launch.ts";

/** Confines by Linux' namespaces alone, with util-linux. Whatever the command leaves running ends with it. */
export const namespaces: Confine = ({ mounts, cwd, network, base }, argv) => [
  ...endsWithParent(["unshare"]),
  ...["--user", "--map-root-user", "--mount", "--ipc", "--uts", "--pid", "--fork", "--kill-child=KILL"],
  ...(network ? [] : ["--net"]),
  ...["--", SHELL, "-c", SCRIPT, "p9-confine", base],
  ...mounts.flatMap((mount) => [mount.kind, mount.kind === "empty" ? "-" : mount.from, mount.to]),
  ...["--", cwd, String(process.getuid?.() ?? 0), String(process.getgid?.() ?? 0), ...argv],
];

/**
 * Builds a new root in a mount namespace of its own: everything there is read-only before any mount point is made, so that none is
 * made in the user's folders. The command gets a user namespace below the one that owns the mounts, and so cannot change them.
 */
const SCRIPT = `set -eu
# A user's PATH need not name the folders of pivot_root and ip; the command has a PATH of its own.
PATH=$PATH:/usr/sbin:/sbin
root=$1
shift
kept=
hidden=
mount -o rbind / "$root"
# A folder around the new root is shown without it.
mount --make-runbindable "$root"

# Every mount that is not one of the command's own becomes read-only; one that cannot is covered.
lock() {
  while read -r _ _ _ _ point options _; do
    case $options in ro | ro,*) continue ;; esac
    case $point in *\\\\*) point=$(printf %b "$point") ;; esac
    case $point in "$root" | "$root"/*) ;; *) continue ;; esac
    case "$kept$hidden" in *"|$point|"*) continue ;; esac
    mount -o "remount,bind,ro\${options#rw}" "$point" 2>/dev/null ||
      mount -t tmpfs -o ro tmpfs "$point"
  done </proc/self/mountinfo
}
lock

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for one in null zero full random urandom tty; do
  : >"$root/dev/$one"
  mount -o bind "/dev/$one" "$root/dev/$one"
  kept="$kept|$root/dev/$one|"
done
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/.old"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
kept="$kept|$root/dev/shm||$root/dev/pts|"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
kept="$kept|$root/proc|"
# Root may write these whatever its namespace is.
for one in sys sysrq-trigger irq bus; do
  [ -e "$root/proc/$one" ] && mount -o bind "$root/proc/$one" "$root/proc/$one"
done

while [ "$1" != -- ]; do
  to=$root$3
  if [ "$1" = empty ] || [ -d "$2" ]; then
    [ -d "$to" ] || mkdir -p "$to"
  elif [ ! -e "$to" ]; then
    mkdir -p "$(dirname "$to")"
    : >"$to"
  fi
  case $1 in
    empty)
      mount -t tmpfs -o mode=755 tmpfs "$to"
      hidden="$hidden|$to|"
      ;;
    read)
      # A folder that was the command's own may lie below.
      mount -o rbind "$2" "$to"
      case $kept in *"|$to|"*) kept=$(printf %s "$kept" | sed "s#|$to|##g") ;; esac
      lock
      ;;
    write)
      mount -o rbind "$2" "$to"
      kept="$kept|$to|"
      ;;
  esac
  shift 3
done
# Mount points are made by now, and what is written there would fill the machine's memory.
hidden=
lock
cwd=$2 uid=$3 gid=$4
shift 4

mount --make-rprivate "$root"

ip link set lo up 2>/dev/null || :
cd "$root"
pivot_root . dev/.old
cd "$cwd"
umount -l /dev/.old

# As the first process of the namespace this shell hears no TERM by itself; the command does.
trap : TERM INT HUP
unshare --user --map-user="$uid" --map-group="$gid" -- "$@" &
while :; do
  code=0
  wait $! || code=$?
  kill -0 $! 2>/dev/null || exit "$code"
done`;

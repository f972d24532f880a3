# What libtorch reads from its environment before it computes. Sourced by ./zoetrope and by the launcher
# of an installed Zoetrope, and run before each engine; what is set already stays.

# It computes best with one thread per physical core, and no more than this process may use.
if [ -z "${OMP_NUM_THREADS-}" ]; then
  if [ -r /sys/devices/system/cpu/cpu0/topology/thread_siblings_list ]; then
    threads=$(cat /sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list | sort -u | wc -l)
    usable=$(nproc)
    [ "$usable" -ge "$threads" ] || threads=$usable
    if IFS=' ' read -r quota period 2>/dev/null </sys/fs/cgroup/cpu.max && [ "$quota" != max ]; then
      usable=$(((quota + period - 1) / period))
      [ "$usable" -ge "$threads" ] || threads=$usable
    fi
    export OMP_NUM_THREADS="$threads"
  elif threads=$(sysctl -n hw.perflevel0.physicalcpu hw.physicalcpu 2>/dev/null); then
    export OMP_NUM_THREADS="${threads%%[!0-9]*}"
  fi
fi

# FP32 on a GPU means all its bits; TF32 keeps ten of them.
export NVIDIA_TF32_OVERRIDE="${NVIDIA_TF32_OVERRIDE-0}"

# Fresh memory costs libtorch more than the arithmetic on it: ask for huge pages, and let jemalloc, where
# the system has it, keep what was freed for a few seconds.
export THP_MEM_ALLOC_ENABLE="${THP_MEM_ALLOC_ENABLE-1}"
case ${LD_PRELOAD-} in
*jemalloc*) ;;
*)
  for jemalloc in /usr/lib/"$(uname -m)"-linux-gnu/libjemalloc.so.2 /usr/lib64/libjemalloc.so.2; do
    if [ -r "$jemalloc" ]; then
      export LD_PRELOAD="$jemalloc${LD_PRELOAD:+:$LD_PRELOAD}"
      export MALLOC_CONF="${MALLOC_CONF-thp:always,dirty_decay_ms:3000,muzzy_decay_ms:3000}"
      break
    fi
  done
  ;;
esac

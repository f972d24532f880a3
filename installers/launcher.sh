#!/bin/sh
# Starts Zoetrope as it is installed: without arguments the window, with arguments the command line.
app=$(cd "$(dirname "$(readlink -f "$0")")/${relative}" && pwd -P)
. "$app/environment.sh"

# A command that has its work done ends before the optimising compiler has paid for itself.
case " $* " in
"  ") archive=studio compile= ;;
*" bench "* | *" engine "* | *" --engine"* | *" --device"*) archive=commands compile= ;;
*) archive=commands compile=-XX:TieredStopAtLevel=1 ;;
esac

exec "$app/${runtime}/bin/java" $compile "-XX:AOTCache=$app/$archive.aot" \
  ${java} \
  -cp "${classpath}" dev.zoetrope.app.Main "$@"

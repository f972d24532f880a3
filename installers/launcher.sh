#!/bin/sh
# Starts Zoetrope as it is installed: without arguments the window, with arguments the command line.

# Asked by scripts again and again, and known without Java.
if [ "$*" = --version ]; then
  echo "zoetrope ${version}"
  exit
fi

app=$(cd "$(dirname "$(readlink -f "$0")")/${relative}" && pwd -P)
. "$app/environment.sh"

archive=commands
case " $* " in
"  ") archive=studio brief='${brief}' ;;
# A download is decrypted and checked with instructions that only the optimising compiler knows of.
*" gpu install "*) brief= ;;
*" bench "* | *" engine "* | *" --engine"* | *" --device"*) archive=engine brief= ;;
*) brief='${brief}' ;;
esac

exec "$app/${runtime}/bin/java" $brief "-XX:AOTCache=$app/$archive.aot" \
  ${java} \
  -cp "${classpath}" dev.zoetrope.app.Main "$@"

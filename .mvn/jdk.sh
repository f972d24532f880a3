# Sourced by mvnw and zoetrope: leaves JAVA_HOME at a JDK that Zoetrope builds and runs on, or says
# what to install and exits. Versions are read from each JDK's `release` file, because starting java
# to ask for its version takes longer than everything else here.
#
#   JAVA_HOME         kept when it already is such a JDK
#   JDK_SEARCH_ROOT   put before the system's folders that are searched; empty but in tests

jdk_feature=25 # the oldest Java that will do, and the one that is tested

# Sets jdk_version to what the JDK or runtime in $1 says of itself, empty when it says nothing.
jdk_read_version() {
  jdk_version=
  [ -r "$1/release" ] || return 0
  while IFS='"' read -r jdk_key jdk_value _; do
    if [ "$jdk_key" = JAVA_VERSION= ]; then
      jdk_version=$jdk_value
      return 0
    fi
  done <"$1/release"
}

# Whether $1 is a JDK, not a mere runtime, that is new enough. Sets jdk_version.
jdk_suits() {
  jdk_read_version "$1"
  jdk_major=${jdk_version%%[!0-9]*}
  [ "${jdk_major:-0}" -ge "$jdk_feature" ] && [ -x "$1/bin/javac" ]
}

# Remembers $1 when it is better than what was found before: the oldest feature release that suits,
# since the compiler plug-ins reach into javac and follow new releases late; of that, the newest update.
jdk_consider() {
  if [ -d "$1/Contents/Home" ]; then
    set -- "$1/Contents/Home" # a macOS bundle
  fi
  if ! jdk_suits "$1"; then
    if [ -n "$jdk_version" ]; then
      [ -x "$1/bin/javac" ] || jdk_version="$jdk_version, a runtime without javac,"
      jdk_seen="$jdk_seen
  $jdk_version in $1"
    fi
    return 0
  fi
  jdk_home=$1
  IFS=. # splits the version into its numbers
  # shellcheck disable=SC2086
  set -- ${jdk_version%%[!0-9.]*}
  unset IFS
  jdk_update=$((${2:-0} * 1000000 + ${3:-0} * 1000 + ${4:-0}))
  if [ -z "$jdk_best" ] || [ "$1" -lt "$jdk_best_major" ] ||
    { [ "$1" -eq "$jdk_best_major" ] && [ "$jdk_update" -gt "$jdk_best_update" ]; }; then
    jdk_best=$jdk_home jdk_best_major=$1 jdk_best_update=$jdk_update
  fi
}

# Sets jdk_home to where the `java` on the PATH really lives, empty when there is none.
jdk_follow_path() {
  jdk_home=
  jdk_file=$(command -v java) || return 0
  while [ -L "$jdk_file" ]; do
    jdk_link=$(readlink "$jdk_file")
    case $jdk_link in
    /*) jdk_file=$jdk_link ;;
    *) jdk_file=${jdk_file%/*}/$jdk_link ;;
    esac
  done
  case $jdk_file in
  */bin/java) jdk_home=${jdk_file%/bin/java} ;;
  esac
}

# Prints the home of the JDK to use. A subshell, so that the caller's globbing and IFS stay as they are.
jdk_find() (
  set +ef
  unset IFS
  jdk_best='' jdk_seen=''

  jdk_follow_path
  if [ -n "$jdk_home" ] && jdk_suits "$jdk_home"; then
    printf '%s\n' "$jdk_home"
    exit 0
  fi
  jdk_consider "$jdk_home"
  jdk_consider "${JAVA_HOME-}"

  # JAVA_HOME_25_X64 and the like, as build services set them.
  while IFS= read -r jdk_home; do
    jdk_consider "$jdk_home"
  done <<END
$(env | sed -n "s/^JAVA_HOME_${jdk_feature}[^=]*=//p")
END

  jdk_root=${JDK_SEARCH_ROOT-}
  jdk_user=${HOME:-/nonexistent}
  for jdk_home in \
    "$jdk_root"/usr/lib/jvm/* \
    "$jdk_root"/usr/lib64/jvm/* \
    "$jdk_root"/usr/java/* \
    "$jdk_root"/usr/local/*jdk* \
    "$jdk_root"/opt/*jdk* \
    "$jdk_root"/opt/java/* \
    "$jdk_root"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk \
    "$jdk_root"/usr/local/opt/openjdk*/libexec/openjdk.jdk \
    "$jdk_root"/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    "$jdk_root"/Library/Java/JavaVirtualMachines/* \
    "$jdk_user"/Library/Java/JavaVirtualMachines/* \
    "$jdk_user"/.jdks/* \
    "$jdk_user"/.gradle/jdks/* \
    "${SDKMAN_DIR:-$jdk_user/.sdkman}"/candidates/java/* \
    "${ASDF_DATA_DIR:-$jdk_user/.asdf}"/installs/java/* \
    "${MISE_DATA_DIR:-$jdk_user/.local/share/mise}"/installs/java/*; do
    jdk_consider "$jdk_home"
  done
  if [ -z "$jdk_best" ] && [ -x "$jdk_root/usr/libexec/java_home" ]; then
    jdk_consider "$("$jdk_root/usr/libexec/java_home" -v "$jdk_feature+" 2>/dev/null)"
  fi

  if [ -z "$jdk_best" ]; then
    jdk_explain >&2
    exit 1
  fi
  printf '%s\n' "$jdk_best"
)

jdk_explain() {
  echo "Zoetrope needs a JDK $jdk_feature or later, and none was found."
  if [ -n "$jdk_seen" ]; then
    printf '\nFound, but not enough:%s\n' "$jdk_seen"
  fi
  case $(uname) in
  Darwin) jdk_install="brew install --cask temurin@$jdk_feature" ;;
  CYGWIN* | MINGW* | MSYS*) jdk_install="winget install EclipseAdoptium.Temurin.$jdk_feature.JDK" ;;
  *)
    if command -v apt-get >/dev/null; then
      jdk_install="sudo apt install openjdk-$jdk_feature-jdk"
    elif command -v dnf >/dev/null; then
      jdk_install="sudo dnf install java-$jdk_feature-openjdk-devel"
    elif command -v zypper >/dev/null; then
      jdk_install="sudo zypper install java-$jdk_feature-openjdk-devel"
    elif command -v pacman >/dev/null; then
      jdk_install="sudo pacman -S jdk$jdk_feature-openjdk"
    else
      jdk_install=
    fi
    ;;
  esac
  echo
  if [ -n "$jdk_install" ]; then
    echo "Install it with your system's packages, if they have it:"
    echo "  $jdk_install"
    echo "or take Eclipse Temurin $jdk_feature, for every system:"
  else
    echo "Install Eclipse Temurin $jdk_feature:"
  fi
  echo "  https://adoptium.net/temurin/releases/?version=$jdk_feature"
  echo
  echo "A JDK in an unusual place is found through JAVA_HOME."
}

if [ -z "${JAVA_HOME-}" ] || ! jdk_suits "$JAVA_HOME"; then
  JAVA_HOME=$(jdk_find) || exit 1
fi
export JAVA_HOME

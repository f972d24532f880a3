# Called by zoetrope.cmd: builds what is out of date and leaves the class path in
# target\launcher\java.args, in a file because it is longer than a command line may be.
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent $PSScriptRoot
$state = Join-Path $root 'target\launcher'
$built = Join-Path $state 'built' # as old as the start of the last build that went well
$javaArgs = Join-Path $state 'java.args'
$prefix = '-cp "' + "$root\app\target\classes;".Replace('\', '\\')

function Test-UpToDate {
  if (-not (Test-Path -LiteralPath $built) -or -not (Test-Path -LiteralPath $javaArgs)) {
    return $false
  }
  if (-not (Get-Content -LiteralPath $javaArgs -Raw).StartsWith($prefix)) {
    return $false # the checkout was moved
  }
  $since = (Get-Item -LiteralPath $built).LastWriteTimeUtc
  $sources = @(Get-Item "$root\pom.xml", "$root\*\pom.xml", "$root\*\src\main")
  $sources += @(Get-ChildItem "$root\*\src\main" -Recurse -Force)
  # A deleted file shows as a change of its folder.
  return -not ($sources | Where-Object { $_.LastWriteTimeUtc -gt $since } | Select-Object -First 1)
}

function Invoke-Build {
  if (Test-Path -LiteralPath $built) {
    [Console]::Error.WriteLine('Building Zoetrope...')
  } else {
    [Console]::Error.WriteLine('Building Zoetrope (first start: a few minutes)...')
  }
  $building = Join-Path $state 'building'
  $classPath = Join-Path $state 'class-path'
  Set-Content -LiteralPath $building -Value ''
  Push-Location $root
  & .\mvnw.cmd -B -ntp '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn' -pl app -am process-classes "-Dlauncher.classPathFile=$classPath" `
    '-Dspotless.check.skip=true' '-Djacoco.skip=true' | Out-Host
  $status = $LASTEXITCODE
  Pop-Location
  if ($status -ne 0) {
    [Console]::Error.WriteLine('Zoetrope could not be built; the reason is above.')
    exit 1
  }
  $entries = (Get-Content -LiteralPath $classPath -Raw).Trim().Replace('\', '\\')
  # An engine of another build is replaced.
  $build = "-Dzoetrope.build=$([DateTime]::UtcNow.Ticks)"
  Set-Content -LiteralPath $javaArgs -Value (($prefix + $entries + '"'), $build) -Encoding Default
  Move-Item -LiteralPath $building -Destination $built -Force
}

if (Test-UpToDate) {
  exit 0
}
New-Item -ItemType Directory -Force -Path $state | Out-Null
$onlyBuild = New-Object System.Threading.Mutex($false, ('zoetrope' + ($root -replace '\W', '-')))
try {
  [void]$onlyBuild.WaitOne()
} catch [System.Threading.AbandonedMutexException] {
  # Its owner was killed; the right to build is ours now.
}
try {
  if (-not (Test-UpToDate)) {
    Invoke-Build
  }
} finally {
  $onlyBuild.ReleaseMutex()
}
exit 0

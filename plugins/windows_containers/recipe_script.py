"""The text of the recipe, in PowerShell 5.1 and later; ``recipe`` fills in what stands between ``@`` signs.

``containerd config default`` is written as ASCII: what ``>`` writes in PowerShell 5 is
UTF-16, which containerd refuses.
"""

from __future__ import annotations

SCRIPT = r"""#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
Installs one combination by hand:
  @COMBINATION@
Usage, in an elevated PowerShell:
  powershell -ExecutionPolicy Bypass -File install.ps1 [-Root DIRECTORY] [-Proxy URL] [-Force]
  powershell -ExecutionPolicy Bypass -File install.ps1 -Uninstall
Every download is checked before it is used. The service is called containerd, as the upstream's own.
#>
[CmdletBinding()]
param(
    [string]$Root = (Join-Path $env:ProgramFiles 'containerd'),
    [string]$Proxy = '',
    [switch]$Force,
    [switch]$Uninstall
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol =
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$Bin = Join-Path $Root 'bin'
$CniBin = Join-Path $Root 'cni\bin'
$CniConf = Join-Path $Root 'cni\conf'
$Config = Join-Path $Root 'config.toml'
$Mark = Join-Path $Root 'installed-by-recipe.txt'
$Downloads = Join-Path $env:TEMP 'containerd-recipe'
$Containerd = Join-Path $Bin 'containerd.exe'
$Ctr = Join-Path $Bin 'ctr.exe'
$Tar = Join-Path $env:SystemRoot 'System32\tar.exe'

function Invoke-Program([string]$Program, [string[]]$Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' '): exit code $LASTEXITCODE" }
}

function Get-VerifiedFile([string]$Url, [string]$Sha256, [string]$Name) {
    $path = Join-Path $Downloads $Name
    $isThere = (Test-Path -LiteralPath $path) -and
        ((Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash -eq $Sha256)
    if (-not $isThere) {
        Write-Host "fetching $Url"
        if ($Url -like 'file:*') {
            Copy-Item -LiteralPath ([Uri]$Url).LocalPath -Destination $path -Force
        } else {
            $options = @{ Uri = $Url; OutFile = $path; UseBasicParsing = $true }
            if ($Proxy) { $options.Proxy = $Proxy }
            Invoke-WebRequest @options
        }
    }
    $found = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash
    if ($found -ne $Sha256) {
        Remove-Item -LiteralPath $path
        throw "$Url has the SHA-256 $found, not $Sha256; nothing of it was used"
    }
    return $path
}

function Expand-Release([string]$Path, [string]$Destination) {
    New-Item -ItemType Directory -Force -Path $Destination | Out-Null
    if ($Path -like '*.zip') {
        Expand-Archive -LiteralPath $Path -DestinationPath $Destination -Force
    } elseif ($Path -like '*.exe') {
        Copy-Item -LiteralPath $Path -Destination $Destination -Force
    } else {
        Invoke-Program $Tar @('-xf', $Path, '-C', $Destination)
    }
}

function Test-Daemon {
    # In PowerShell 5 a word on a redirected error stream would end the script otherwise.
    $ErrorActionPreference = 'Continue'
    & $Ctr version *> $null
    return $LASTEXITCODE -eq 0
}

function Get-ServiceProgram {
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='containerd'"
    if ($null -eq $service) { return '' }
    return $service.PathName
}

function Uninstall-Combination {
    if (-not (Test-Path -LiteralPath $Mark)) {
        throw "$Root was not made by this script; nothing was removed"
    }
    if ((Get-ServiceProgram) -like "*$Containerd*") {
        Stop-Service -Name containerd -Force
        Invoke-Program $Containerd @('--unregister-service')
    }
    Remove-Item -LiteralPath $Root -Recurse -Force
    Remove-Item -LiteralPath $Downloads -Recurse -Force -ErrorAction SilentlyContinue
    $data = Join-Path $env:ProgramData 'containerd'
    Write-Host "Removed $Root. Images and layers are still in $data; host networks: Get-HnsNetwork lists them."
}

if ($Uninstall) {
    Uninstall-Combination
    return
}

# 1. What Windows must have.
if (-not (Get-Service -Name vmcompute -ErrorAction SilentlyContinue)) {
    throw ('The feature Containers is missing. On Windows Server: Install-WindowsFeature Containers -Restart; ' +
        'on Windows 10 or 11: Enable-WindowsOptionalFeature -Online -FeatureName Containers -All')
}
@HYPERV_CHECK@$existing = Get-ServiceProgram
if ($existing -and ($existing -notlike "*$Containerd*") -and (-not $Force)) {
    throw "The service containerd runs another program ($existing). -Force replaces its registration."
}

# 2. Files, each checked, and where they belong.
New-Item -ItemType Directory -Force -Path $Downloads, $Root, $Bin, $CniBin, $CniConf | Out-Null
Set-Content -LiteralPath $Mark -Encoding ascii -Value @KEY@
if ($existing) { Stop-Service -Name containerd -Force -ErrorAction SilentlyContinue }
@FETCHES@

# 3. Configuration: the release's own default, with the directories of network plugins in $Root.
$default = (& $Containerd config default) -join "`n"
if ($LASTEXITCODE -ne 0) { throw 'containerd config default failed' }
$shipped = Join-Path $env:ProgramFiles 'containerd\cni'
$wanted = Join-Path $Root 'cni'
$text = $default.Replace($shipped, $wanted).Replace($shipped.Replace('\', '\\'), $wanted.Replace('\', '\\'))
[IO.File]::WriteAllText($Config, $text, [Text.Encoding]::ASCII)
@NETWORK@

# 4. The service.
if ($existing) { Invoke-Program $Containerd @('--unregister-service') }
Invoke-Program $Containerd @('--register-service', '--config', $Config)
Start-Service -Name containerd
$deadline = (Get-Date).AddSeconds(60)
do {
    Start-Sleep -Milliseconds 500
} until ((Test-Daemon) -or ((Get-Date) -gt $deadline))
Invoke-Program $Ctr @('version')
@IMAGE@
Write-Host "Installed in $Root. To call its programs by name: `$env:Path += ';$Bin'"
"""

HYPERV_CHECK = """if (-not (Get-CimInstance -ClassName Win32_ComputerSystem).HypervisorPresent) {
    throw 'Hyper-V is missing. On Windows Server: Install-WindowsFeature Hyper-V -IncludeManagementTools -Restart'
}
"""

IMAGE = r"""
# 5. The image that this Windows can run, and a first container.
$images = @{
@IMAGES@
}
$build = [Version]"10.0.$((Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion').CurrentBuildNumber)"
$fitting = @($images.Keys | Where-Object { ([Version]$_).Build -le $build.Build } | Sort-Object { [Version]$_ })
if ($fitting.Count -eq 0) { throw "No image fits Windows $build." }
$image = $images[$fitting[-1]]
Invoke-Program $Ctr @('images', 'pull', '--platform', 'windows/amd64', $image)
Invoke-Program $Ctr @('run', '--rm'@CTR_ISOLATION@, $image, 'first', 'cmd', '/c', 'echo it runs')
"""

NERDCTL = r"""$places = @('--cni-path', $CniBin, '--cni-netconfpath', $CniConf)
$first = @('run', '--rm', '--isolation', @ISOLATION@, '--network', 'nat', $image, 'ipconfig')
Invoke-Program (Join-Path $Bin 'nerdctl.exe') ($places + $first)
"""

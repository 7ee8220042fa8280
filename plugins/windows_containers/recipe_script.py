"""The course of the recipe's script; ``recipe`` fills in what stands between ``@`` signs."""

from __future__ import annotations

from .recipe_functions import FUNCTIONS

_HEAD = r"""#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
Installs one combination by hand, with nothing but what Windows brings.
.DESCRIPTION
@COMBINATION@

Runs in Windows PowerShell 5.1 and in PowerShell 7, on Windows Server 2019 or newer. Every file is checked by its
SHA-256 before it is used; a file that was fetched already is not fetched again. Says one line for each capability.
Exit: 0 all passed, 1 one failed, 3 it could not be told.
.PARAMETER Root
Where everything is put. Clients other than these look in the default place only.
.PARAMETER Proxy
Address of a proxy for the downloads and for the service, such as http://proxy.example:3128
.PARAMETER Force
Replaces a service called containerd that runs another program, and files that were there before.
.PARAMETER Uninstall
Removes the service and every file that a recipe has put into Root, and tells what is left.
.EXAMPLE
powershell -ExecutionPolicy Bypass -File install.ps1
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
$PSNativeCommandUseErrorActionPreference = $false
trap {
    Write-Host "error: $_"
    exit 3
}
[Net.ServicePointManager]::SecurityProtocol =
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$Root = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Root).TrimEnd('\')
$Work = Join-Path $Root 'recipe'
$Downloads = Join-Path $Work 'downloads'
$Staging = Join-Path $Work 'staging'
$List = Join-Path $Work 'made.txt'
$Bin = Join-Path $Root 'bin'
$CniBin = Join-Path $Root 'cni\bin'
$CniConf = Join-Path $Root 'cni\conf'
$Config = Join-Path $Root 'config.toml'
$Log = Join-Path $Root 'containerd.log'
$Containerd = Join-Path $Bin 'containerd.exe'
$Ctr = Join-Path $Bin 'ctr.exe'
$System = Join-Path $env:SystemRoot 'System32'
$Tar = Join-Path $System 'tar.exe'
$WrittenByClient = @WRITTEN_BY_CLIENT@
$Token = 'recipe-smoke-token'

"""

_COURSE = r"""
if (($Root.Length -lt 4) -or $Root.Contains("'")) {
    throw "Root is '$Root'; it must be a folder below a drive, without a quote in its name"
}
if ($Uninstall) {
    Uninstall-Combination
    exit 0
}

# 1. What Windows must have and bring.
$build = [Environment]::OSVersion.Version.Build
if ($build -lt 17763) { throw "this is build $build of Windows; it takes 17763 (Windows Server 2019) or newer" }
if ($env:PROCESSOR_ARCHITECTURE -ne 'AMD64') {
    throw "the files are for AMD64 and this PowerShell is for $env:PROCESSOR_ARCHITECTURE; start the 64-bit one"
}
$isServer = (Get-CimInstance -ClassName Win32_OperatingSystem).ProductType -ne 1
if (@(Get-Service -Name 'vmcompute', 'hns' -ErrorAction SilentlyContinue).Count -lt 2) {
    throw ('the feature Containers is missing; ' + $(if ($isServer) {
        'Install-WindowsFeature Containers -Restart'
    } else {
        'Enable-WindowsOptionalFeature -Online -FeatureName Containers -All'
    }))
}
@HYPERV_CHECK@$existing = Get-ServiceCommand
if ($existing -and -not (Test-Own $existing) -and -not $Force) {
    throw "the service containerd runs another program ($existing); -Force replaces the service, not the program"
}

# 2. The files: fetched, checked and laid out aside.
if (Test-Path -LiteralPath $Staging) { Remove-Item -LiteralPath $Staging -Recurse -Force }
New-Item -ItemType Directory -Force -Path $Downloads, $Staging | Out-Null
@FETCHES@

# 3. The configuration: the release's own, with the directories of network plugins in $Root. Whichever of the keys
#    bin_dir (up to containerd 2.0) and bin_dirs (from 2.1) the release uses, it keeps; both at once it would refuse.
$default = (Invoke-Program (Join-Path $Staging 'bin\containerd.exe') @('config', 'default')) -join "`n"
$shipped = Join-Path $env:ProgramFiles 'containerd\cni'
$wanted = Join-Path $Root 'cni'
$default = $default.Replace($shipped, $wanted).Replace($shipped.Replace('\', '\\'), $wanted.Replace('\', '\\'))
Set-StagedText 'config.toml' "$default`n"
@NETWORK@

# 4. All of it in its place, and the service. (A word in the list that is no file is for who uninstalls.)
$staged = @(Get-Staged)
$made = @(Get-Made)
if (-not $Force) { Assert-Untouched $staged $made }
if (-not (Test-Path -LiteralPath $List)) { [IO.File]::AppendAllText($List, "containerd.log`r`n") }
[IO.File]::AppendAllText($List, "# installed: " + @KEY@ + "`r`n")
if ($existing) {
    if (-not (Test-Own $existing)) { [IO.File]::AppendAllText($List, "# was the service before: $existing`r`n") }
    Remove-ContainerdService
}
Install-Staged $staged $made
Remove-Item -LiteralPath $Staging -Recurse -Force
New-Item -ItemType Directory -Force -Path $CniBin, $CniConf | Out-Null
Test-Capability 'installs' {
@INSTALLS@
}
Test-Capability 'starts' {
    Invoke-Program $Containerd @('--register-service', '--config', $Config, '--log-file', $Log)
    if ($Proxy) {
        Set-ServiceProxy $Proxy
        $env:HTTP_PROXY = $Proxy
        $env:HTTPS_PROXY = $Proxy
    }
    Start-Service -Name containerd
    Wait-Daemon
    Invoke-Program $Ctr @('version')
}
Write-Host "installed in $Root; to call its programs by name here: `$env:Path += ';$Bin'"
@SHOWN@"""

HYPERV_CHECK = r"""if (-not (Get-Service -Name vmms -ErrorAction SilentlyContinue) -or
    -not (Get-CimInstance -ClassName Win32_ComputerSystem).HypervisorPresent) {
    throw ('the feature Hyper-V is missing; ' + $(if ($isServer) {
        'Install-WindowsFeature Hyper-V -IncludeManagementTools -Restart'
    } else {
        'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All'
    }) + '; a virtual machine needs nested virtualization for it')
}
"""

SCRIPT = _HEAD + FUNCTIONS + _COURSE

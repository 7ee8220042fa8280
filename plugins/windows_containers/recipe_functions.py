"""What the recipe's script does, as functions of PowerShell 5.1 and later; ``recipe_script`` calls them.

Whatever the script makes below its directory is in a list there before it is made, so that an interrupted
installation can be gone on with, and all of it, and nothing else, is removed again.
"""

from __future__ import annotations

FUNCTIONS = r"""function Invoke-Program([string]$Program, [string[]]$Arguments) {
    # What a program says on its error stream ends a script in some hosts of PowerShell 5; its exit code tells enough.
    $ErrorActionPreference = 'Continue'
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' '): exit code $LASTEXITCODE" }
}

function Test-Capability([string]$Name, [scriptblock]$Shown) {
    try {
        & $Shown
    } catch {
        Write-Host "${Name}: FAIL"
        Write-Host "  $_"
        exit 1
    }
    Write-Host "${Name}: PASS"
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
        Remove-Item -LiteralPath $path -Force
        throw "$Url has the SHA-256 $found, not $Sha256; nothing of it was used"
    }
    return $path
}

function Expand-Release([string]$Path, [string]$Place) {
    $target = Join-Path $Staging $Place
    New-Item -ItemType Directory -Force -Path $target | Out-Null
    if ($Path -like '*.zip') {
        Expand-Archive -LiteralPath $Path -DestinationPath $target -Force
    } elseif ($Path -like '*.exe') {
        Copy-Item -LiteralPath $Path -Destination $target -Force
    } else {
        Invoke-Program $Tar @('-xf', $Path, '-C', $target)
    }
}

function Set-StagedText([string]$Place, [string]$Text) {
    # Without a byte order mark: containerd and network plugins take it for part of the text. Plain words stay ASCII.
    $path = Join-Path $Staging $Place
    New-Item -ItemType Directory -Force -Path (Split-Path -Parent $path) | Out-Null
    [IO.File]::WriteAllText($path, $Text, (New-Object Text.UTF8Encoding $false))
}

function Get-Made {
    if (-not (Test-Path -LiteralPath $List)) { return }
    [IO.File]::ReadAllLines($List) | Where-Object { $_ -and -not $_.StartsWith('#') } | Select-Object -Unique
}

function Get-Staged {
    Get-ChildItem -LiteralPath $Staging -Recurse -File | ForEach-Object { $_.FullName.Substring($Staging.Length + 1) }
}

function Assert-Untouched([string[]]$Staged, [string[]]$Made) {
    foreach ($place in $Staged) {
        if ((Test-Path -LiteralPath (Join-Path $Root $place)) -and ($Made -notcontains $place)) {
            throw "$(Join-Path $Root $place) is there, and no recipe has put it there. -Force replaces it."
        }
    }
    # The client takes the first file of the directory, or the one that has the network's name.
    Get-ChildItem -LiteralPath (Join-Path $Root 'cni\conf') -File -ErrorAction SilentlyContinue | ForEach-Object {
        $place = "cni\conf\$($_.Name)"
        if (($Staged -notcontains $place) -and ($Made -notcontains $place) -and ($_.Name -ne $WrittenByClient)) {
            throw "$($_.FullName) is another network configuration. Move it away; -Force leaves it there."
        }
    }
}

function Install-Staged([string[]]$Staged, [string[]]$Made) {
    foreach ($place in $Made) { Remove-Item -LiteralPath (Join-Path $Root $place) -Force -ErrorAction SilentlyContinue }
    foreach ($place in $Staged) {
        $target = Join-Path $Root $place
        New-Item -ItemType Directory -Force -Path (Split-Path -Parent $target) | Out-Null
        [IO.File]::AppendAllText($List, "$place`r`n")
        Copy-Item -LiteralPath (Join-Path $Staging $place) -Destination $target -Force
    }
}

function Get-ServiceCommand {
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='containerd'"
    if ($null -eq $service) { return '' }
    return [string]$service.PathName
}

function Test-Own([string]$Command) {
    return $Command.IndexOf($Containerd, [StringComparison]::OrdinalIgnoreCase) -ge 0
}

function Remove-ContainerdService {
    Stop-Service -Name containerd -Force
    Invoke-Program (Join-Path $System 'sc.exe') @('delete', 'containerd') | Out-Null
}

function Set-ServiceProxy([string]$Address) {
    $values = @("HTTP_PROXY=$Address", "HTTPS_PROXY=$Address")
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\containerd'
    New-ItemProperty -LiteralPath $key -Name Environment -PropertyType MultiString -Value $values -Force | Out-Null
}

function Wait-Daemon {
    $ErrorActionPreference = 'Continue'
    $deadline = (Get-Date).AddSeconds(60)
    do {
        & $Ctr version *> $null
        if ($LASTEXITCODE -eq 0) { return }
        Start-Sleep -Milliseconds 500
    } until ((Get-Date) -gt $deadline)
    if (Test-Path -LiteralPath $Log) { Get-Content -LiteralPath $Log -Tail 20 | Write-Host }
    throw "containerd does not answer ctr within 60 s; its log is $Log"
}

function Uninstall-Combination {
    if (-not (Test-Path -LiteralPath $List)) { throw "no recipe has installed anything in $Root; nothing was removed" }
    if (Test-Own (Get-ServiceCommand)) { Remove-ContainerdService }
    [IO.File]::ReadAllLines($List) | Where-Object { $_.StartsWith('# ') } |
        ForEach-Object { Write-Host $_.Substring(2) }
    foreach ($place in @(Get-Made)) {
        $path = Join-Path $Root $place
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Force }
    }
    Remove-Item -LiteralPath $Work -Recurse -Force
    Get-ChildItem -LiteralPath $Root -Recurse -Directory | Sort-Object { $_.FullName.Length } -Descending |
        Where-Object { -not (Get-ChildItem -LiteralPath $_.FullName -Force) } | Remove-Item -Force
    Write-Host "removed what a recipe had put into $Root. Left as it is:"
    Get-ChildItem -LiteralPath $Root -Recurse -File | ForEach-Object { Write-Host "  $($_.FullName)" }
    if (-not (Get-ChildItem -LiteralPath $Root -Force)) { Remove-Item -LiteralPath $Root }
    foreach ($name in 'containerd', 'nerdctl') {
        $data = Join-Path $env:ProgramData $name
        if (Test-Path -LiteralPath $data) { Write-Host "  $data (images, layers and what was run)" }
    }
    Write-Host "  the host networks that clients made; as administrator, Get-HnsNetwork lists them"
}
"""

"""How the recipe's script shows what works, as the scenario does; ``recipe`` fills in what stands between ``@`` signs.

Each part demonstrates what the scenario's step of the same name does, with the installed programs.
"""

from __future__ import annotations

SPEAKS = r"""Test-Capability 'speaks' {
    $plugin = Join-Path $CniBin @PLUGIN@
    if (-not (Test-Path -LiteralPath $plugin)) { throw "$plugin is missing, and is what makes the network" }
    $env:CNI_COMMAND = 'VERSION'
    try {
        $said = (@QUESTION@ | & $plugin) -join "`n"
    } finally {
        Remove-Item -LiteralPath Env:CNI_COMMAND
    }
    Write-Host $said
    $spoken = @(($said | ConvertFrom-Json).supportedVersions)
    if ($spoken -notcontains @SPEC@) { throw ("$plugin does not speak CNI " + @SPEC@) }
}
"""

IMAGE = r"""
# 5. The image that this Windows can run, and containers of it. (As a process of the host an image of another build
#    runs from build 20348 on, and not if it is newer than the host; with a kernel of its own, any that is not newer.)
$isolation = @ISOLATION@
$images = @(
@IMAGES@
)
$oldest = $(if ($isolation -eq 'hyperv') { 0 } else { [Math]::Min($build, 20348) })
$fitting = @($images | Where-Object { ($_.Build -eq -1) -or (($_.Build -ge $oldest) -and ($_.Build -le $build)) } |
    Sort-Object { $_.Build })
if ($fitting.Count -eq 0) { throw "no image that is known runs on build $build of Windows with isolation $isolation" }
$image = $fitting[-1].Name
$isolated = @(@CTR_ISOLATION@)
$plain = @('run', '--rm', '--runtime', 'io.containerd.runhcs.v1') + $isolated
Test-Capability 'pulls' {
    Invoke-Program $Ctr @('images', 'pull', '--platform', 'windows/amd64', $image)
}
Test-Capability 'runs' {
    $said = Invoke-Program $Ctr ($plain + @($image, "recipe-$PID", 'cmd', '/c', "echo $Token"))
    if ("$said" -notlike "*$Token*") { throw "the container said: $said" }
@RUN_BY_NERDCTL@}
"""

RUN_BY_NERDCTL = r"""    $hello = @('cmd', '/c', "echo $Token")
    $said = Invoke-Program $Nerdctl ($own + @('--network', 'none', $image) + $hello)
    if ("$said" -notlike "*$Token*") { throw "the container of nerdctl said: $said" }
"""

NO_IMAGE = """Write-Host 'pulls: SKIP (no image is known)'
"""

NERDCTL = r"""$Nerdctl = Join-Path $Bin 'nerdctl.exe'
$own = @('--cni-path', $CniBin, '--cni-netconfpath', $CniConf, 'run', '--rm', '--isolation', @ISOLATION@)
"""

NETWORKS = r"""Test-Capability 'networks' {
    $said = @BY_CLIENT@
    Write-Host ($said -join "`n")
    if ("$said" -notmatch '(?<![\d.])@GATEWAY@(?![\d.])') {
        throw 'the container has not the gateway of the configuration; has this machine another network called nat?'
    }
}
"""

BY_NERDCTL = "Invoke-Program $Nerdctl ($own + @('--network', 'nat', $image, 'ipconfig'))"
BY_CTR = """Invoke-Program $Ctr ($plain + @('--cni', $image, "recipe-net-$PID", 'ipconfig'))"""
NETWORKS_BY_CTR = r"""if ($Root -ne (Join-Path $env:ProgramFiles 'containerd')) {
    Write-Host 'networks: SKIP (ctr looks for network configurations below Program Files alone)'
} else {
@NETWORKS@}
"""

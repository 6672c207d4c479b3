package io.ocicat.model;

import java.util.List;

/** Fields of Calico's configuration that exist, and that nothing here honours. */
public final class WithoutEffect {
  /** Of a FelixConfiguration. */
  public static final List<String> FELIX =
      words(
          """
          featureDetectOverride featureGates goGCThreshold goMaxProcs goMemoryLimitMB
          healthEnabled healthHost healthPort healthTimeoutOverrides dataplaneWatchdogTimeout
          logSeverityScreen logSeverityFile logSeveritySys logFilePath logDebugFilenameRegex
          logPrefix logActionRateLimit logActionRateLimitBurst debugDisableLogDropping
          prometheusMetricsEnabled prometheusMetricsHost prometheusMetricsPort
          prometheusMetricsCAFile prometheusMetricsCertFile prometheusMetricsKeyFile
          prometheusMetricsClientAuth prometheusGoMetricsEnabled
          prometheusProcessMetricsEnabled prometheusWireGuardMetricsEnabled interfacePrefix
          interfaceExclude interfaceRefreshInterval mtuIfacePattern requireMTUFile ipv6Support
          ipForwarding endpointStatusPathPrefix policySyncPathPrefix workloadSourceSpoofing
          allowVXLANPacketsFromWorkloads allowIPIPPacketsFromWorkloads
          disableConntrackInvalidCheck externalNodesList floatingIPs natOutgoingAddress
          natOutgoingExclusions natPortRange iptablesNATOutgoingInterfaceFilter
          serviceLoopPrevention deviceRouteProtocol deviceRouteSourceAddress
          deviceRouteSourceAddressIPv6 removeExternalRoutes routeRefreshInterval routeSource
          routeSyncDisabled routeTableRange routeTableRanges programClusterRoutes
          ipv4NormalRoutePriority ipv6NormalRoutePriority ipv4ElevatedRoutePriority
          ipv6ElevatedRoutePriority liveMigrationRouteConvergenceTime netlinkTimeout
          localSubnetL2Reachability localSubnetL2ReachabilityRefreshInterval iptablesBackend
          chainInsertMode iptablesMarkMask iptablesRefreshInterval
          iptablesPostWriteCheckInterval iptablesLockFilePath iptablesLockTimeout
          iptablesLockProbeInterval iptablesFilterAllowAction iptablesMangleAllowAction
          iptablesFilterDenyAction ipsetsRefreshInterval maxIpsetSize kubeNodePortRanges
          nftablesMode nftablesRefreshInterval nftablesMarkMask nftablesFilterAllowAction
          nftablesFilterDenyAction nftablesMangleAllowAction nftablesFlowTableOffload
          nftablesFlowTableDataIfacePattern vxlanEnabled ipipEnabled vxlanMTU vxlanMTUV6
          ipipMTU vxlanPort vxlanVNI wireguardEnabled wireguardEnabledV6
          wireguardHostEncryptionEnabled wireguardInterfaceName wireguardInterfaceNameV6
          wireguardListeningPort wireguardListeningPortV6 wireguardMTU wireguardMTUV6
          wireguardKeepAlive wireguardRoutingRulePriority wireguardThreadingEnabled bpfEnabled
          bpfAttachType bpfDataIfacePattern bpfL3IfacePattern bpfConnectTimeLoadBalancing
          bpfConnectTimeLoadBalancingEnabled bpfHostNetworkedNATWithoutCTLB
          bpfExternalServiceMode bpfDSROptoutCIDRs bpfEnforceRPF bpfHostConntrackBypass
          bpfRedirectToPeer bpfOverlayHostSourceIP bpfDisableUnprivileged bpfJITHardening
          bpfProfiling bpfKubeProxyIptablesCleanupEnabled bpfKubeProxyMinSyncPeriod
          bpfKubeProxyHealthzPort bpfKubeProxyEndpointSlicesEnabled bpfPSNATPorts
          bpfExcludeCIDRsFromNAT bpfExtToServiceConnmark bpfForceTrackPacketsFromIfaces
          bpfMaglevMaxServices bpfMaglevMaxEndpointsPerService bpfDisableGROForIfaces
          bpfConntrackMode bpfConntrackLogLevel bpfConntrackTimeouts bpfMapSizeConntrack
          bpfMapSizePerCpuConntrack bpfMapSizeConntrackScaling bpfMapSizeConntrackCleanupQueue
          bpfMapSizeIPSets bpfMapSizeRoute bpfMapSizeNATFrontend bpfMapSizeNATBackend
          bpfMapSizeNATAffinity bpfMapSizeIfState bpfIPFragmentReassemblyEnabled
          bpfIPFragTimeout bpfLogLevel bpfCTLBLogFilter bpfLogFilters bpfPolicyDebugEnabled
          bpfExportBufferSizeMB cgroupV2Path xdpEnabled genericXDPEnabled xdpRefreshInterval
          istioAmbientMode istioDSCPMark sidecarAccelerationEnabled flowLogsGoldmaneServer
          flowLogsFlushInterval flowLogsLocalReporter flowLogsPolicyEvaluationMode
          flowLogsCollectorDebugTrace metadataAddr metadataPort openstackRegion
          reportingInterval reportingTTL endpointReportingEnabled endpointReportingDelay
          windowsManageFirewallRules awsSrcDstCheck useInternalDataplaneDriver dataplaneDriver
          usageReportingEnabled usageReportingInitialDelay usageReportingInterval debugPort
          debugHost debugMemoryProfilePath debugSimulateCalcGraphHangAfter
          debugSimulateDataplaneHangAfter debugSimulateDataplaneApplyDelay nodeSelector
          """);

  /** Of a KubeControllersConfiguration. */
  public static final List<String> KUBE_CONTROLLERS =
      words(
          """
          logSeverityScreen healthChecks etcdV3CompactionPeriod prometheusMetricsPort
          debugProfilePort
          """);

  /** Of its controllers. */
  public static final List<String> CONTROLLERS =
      words(
          """
          policy workloadEndpoint serviceAccount namespace loadBalancer migration
          """);

  /** Of the one for nodes. */
  public static final List<String> NODE_CONTROLLER =
      words(
          """
          reconcilerPeriod syncLabels leakGracePeriod
          """);

  /** Of what it does about host endpoints. */
  public static final List<String> AUTO_HOST_ENDPOINT =
      words(
          """
          templates
          """);

  private WithoutEffect() {}

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }
}

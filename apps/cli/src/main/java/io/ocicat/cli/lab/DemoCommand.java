package io.ocicat.cli.lab;

import picocli.CommandLine.Command;

@Command(name = "demo")
final class DemoCommand {}

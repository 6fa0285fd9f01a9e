package io.jenkins.plugins.minibuild.forge;

import java.net.URI;

/**
 * The service that documents of Feishu are read from instead of the public one.
 *
 * @param api its address without a slash at its end
 */
public record FeishuService(URI api) {}

package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * The sender of a call, after {@link Intake#admit} let it send a body.
 *
 * @param address of the client, see {@link ClientAddress}
 * @param owner of the endpoint whose token the caller knows, see {@link Target}; null at the shared address
 */
record Caller(String address, @CheckForNull String owner) {}

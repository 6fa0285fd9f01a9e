package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.expression.Reference;
import io.jenkins.plugins.minibuild.workflow.model.Position;

/**
 * A reference that stands somewhere in a file.
 *
 * @param reference an output without a key is the result of the job
 * @param key whose value it is in
 * @param takesSecrets whether a credential may stand there
 */
record Use(Owner owner, Reference reference, Position position, String key, boolean takesSecrets) {}

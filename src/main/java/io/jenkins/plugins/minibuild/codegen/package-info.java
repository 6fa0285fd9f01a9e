/** The step {@code claudeCodegen}: the prompt, the check and inspection of the change, its commit and push. */
package io.jenkins.plugins.minibuild.codegen;

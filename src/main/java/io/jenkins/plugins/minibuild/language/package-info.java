/** In which language the plugin writes what no single reader asked for: build logs, messages, texts for services. */
package io.jenkins.plugins.minibuild.language;

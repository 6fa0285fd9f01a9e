/** The one HTTP client of the plugin. */
package io.jenkins.plugins.minibuild.http;

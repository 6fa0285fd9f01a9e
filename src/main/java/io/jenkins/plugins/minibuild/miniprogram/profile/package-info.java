/** A mini program that is configured once: its profile, its parameters, its versions. */
package io.jenkins.plugins.minibuild.miniprogram.profile;

package io.jenkins.plugins.minibuild.controller;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A class of tests on a real controller: counted as skipped, never as passed, where the machine has none. */
@EnabledIfSystemProperty(
        named = "jenkins.war",
        matches = ".+",
        disabledReason = "no real controller: give -Djenkins.war=PATH -Djenkins.plugins=FOLDER")
@EnabledIfSystemProperty(
        named = "jenkins.plugins",
        matches = ".+",
        disabledReason = "no real controller: give -Djenkins.war=PATH -Djenkins.plugins=FOLDER")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface NeedsController {}

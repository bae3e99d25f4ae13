// Command compose-check parses a Compose file with the parser that docker compose itself uses, and says what is wrong.
//
//	compose-check docker-compose.yml
//
// Variables come from the environment. It ends with 0 and the names of the services, or with 1 and the mistake.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: compose-check FILE")
		os.Exit(2)
	}
	services, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(services, " "))
}

// check loads the file with all rules on: schema, interpolation, normalisation and consistency (every service, volume
// and network that is referred to exists). It returns the services' names in order.
func check(file string) ([]string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	options, err := cli.NewProjectOptions([]string{path}, cli.WithOsEnv, cli.WithWorkingDirectory(filepath.Dir(path)))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	names := project.ServiceNames()
	sort.Strings(names)
	for _, name := range names {
		service := project.Services[name]
		if service.Build == nil && !pinned(service.Image) {
			return nil, fmt.Errorf("service %s: the image %q is not pinned to a version", name, service.Image)
		}
		isJob := strings.HasPrefix(service.Restart, "on-failure")
		if service.HealthCheck == nil && !isJob {
			return nil, fmt.Errorf("service %s has no health check", name)
		}
	}
	return names, nil
}

// pinned tells whether an image has a tag with a version in it, or a digest.
func pinned(image string) bool {
	name := image[strings.LastIndex(image, "/")+1:]
	_, tag, found := strings.Cut(name, ":")
	return strings.Contains(name, "@sha256:") || (found && strings.ContainsAny(tag, "0123456789"))
}

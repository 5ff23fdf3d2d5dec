/** The file of a worker, as the docs tell users to write it. */
import "counterpoise/lane";

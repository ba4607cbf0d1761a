import sys

from caunoi.cli.main import main

sys.exit(main())
